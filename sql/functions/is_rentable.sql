create or replace function cloudgpus.is_rentable(status cloudgpus.availability_status) returns boolean
language sql
immutable
parallel safe
return status in ('available', 'limited');

comment on function cloudgpus.is_rentable(cloudgpus.availability_status) is
    'Not known to be unavailable; where an answer does not state it, the status is stored as available';
