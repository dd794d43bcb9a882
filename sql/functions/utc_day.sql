create or replace function cloudgpus.utc_day(at timestamptz) returns date
language sql
immutable
parallel safe
as $$
    select (at at time zone 'UTC')::date
$$;

comment on function cloudgpus.utc_day(timestamptz) is 'The UTC day of an instant';
