-- Its operators are looked up here and now, not on the path of whoever stores an offer.
create or replace function cloudgpus.price_per_gpu_hour(price numeric, gpu_count integer, gpu_share numeric) returns numeric
language sql
immutable
parallel safe
return trim_scale(price / nullif(gpu_count * gpu_share, 0));

comment on function cloudgpus.price_per_gpu_hour(numeric, integer, numeric) is
    'An instance''s price per hour for one whole GPU of it, unrounded (16 digits at least)';
