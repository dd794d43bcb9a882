create or replace function cloudgpus.ms_into_day(at timestamptz, day date) returns integer
language sql
immutable
parallel safe
as $$
    select least(greatest(floor(date_part('epoch', at - (day::timestamp at time zone 'UTC')) * 1000), 0), 86400000)::integer
$$;

comment on function cloudgpus.ms_into_day(timestamptz, date) is
    'Milliseconds from the beginning of a day (UTC) to an instant; 0 before the day, 86,400,000 after it';
