-- An atomic body: its operators are looked up when it is made, not on the search path of whoever stores an offer.
create or replace function cloudgpus.price_per_gpu_hour(price numeric, gpu_count integer, gpu_share numeric) returns numeric
language sql
immutable
parallel safe
return trim_scale(price / nullif(gpu_count * gpu_share, 0));

comment on function cloudgpus.price_per_gpu_hour(numeric, integer, numeric) is
    'The price per hour of one whole GPU of an instance, unrounded (at least 16 digits)';
