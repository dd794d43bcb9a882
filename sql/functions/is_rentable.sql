create or replace function cloudgpus.is_rentable(status cloudgpus.availability_status) returns boolean
language sql
immutable
parallel safe
return status in ('available', 'limited');

comment on function cloudgpus.is_rentable(cloudgpus.availability_status) is
    'Whether an offer is not known to be unavailable; where the answer states no status, it is stored as available';
