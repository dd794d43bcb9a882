create or replace function cloudgpus.per_gpu(
    currency text,
    in_usd numeric,
    original numeric,
    gpu_count smallint,
    gpu_share numeric
) returns numeric
language sql
immutable
parallel safe
as $$
    select
        round(
            cloudgpus.price_per_gpu_hour(
                case when currency = 'USD' then in_usd else original end, gpu_count, gpu_share
            ),
            6
        )
$$;

comment on function cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric) is
    'price_per_gpu_hour() of the amount as charged, in its currency, to the six decimals of daily prices';
