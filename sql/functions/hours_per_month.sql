create or replace function cloudgpus.hours_per_month() returns integer
language sql
immutable
parallel safe
return 730;

comment on function cloudgpus.hours_per_month() is 'The hours that a price per month is divided by';
