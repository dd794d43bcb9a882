-- Write the same history as segments: each price is in force until the next, the last one still is.
-- params: start (timestamptz), first_hour (integer), last_hour (integer), changes (integer, of each offer a year)
-- row: none
with offers as (
    select
        offer.id,
        offer.provider_id,
        offer.gpu_model_id,
        offer.gpu_count,
        offer.price_per_hour,
        row_number() over in_order as number,
        (row_number() over in_order * 1877) %% 8760 as phase,
        make_interval(mins => (substring(provider.slug from '\d+')::integer * 7) %% 60) as minutes
    from cloudgpus.instances as offer
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    window in_order as (order by provider.slug, offer.instance_type)
),

-- An offer's changes are spread evenly over the year's hours; each offer begins at another hour.
changes as (
    select
        offers.*,
        change.number as change,
        ceil((change.number * 8760 - offers.phase)::numeric / %(changes)s)::integer - 1 as hour,
        ceil(((change.number + 1) * 8760 - offers.phase)::numeric / %(changes)s)::integer - 1 as next_hour
    from generate_series(
        floor(%(first_hour)s::numeric * %(changes)s / 8760)::bigint,
        floor(%(last_hour)s::numeric * %(changes)s / 8760)::bigint + 2
    ) as change (number)
    cross join offers
),

priced as (
    select
        changes.*,
        round(changes.price_per_hour * (800 + (changes.change * 7919 + changes.number * 104729) %% 400) / 1000, 4) as price
    from changes
    where changes.hour >= %(first_hour)s
        and changes.hour < %(last_hour)s
)

insert into cloudgpus.price_history (
    instance_id,
    provider_id,
    gpu_model_id,
    price_per_hour,
    price_per_gpu_hour,
    price_per_hour_spot,
    availability_status,
    gpu_count,
    recorded_at,
    valid_to,
    last_confirmed_at,
    scrape_job_id
)
select
    id,
    provider_id,
    gpu_model_id,
    price,
    cloudgpus.price_per_gpu_hour(price, gpu_count, 1),
    null,
    'available',
    gpu_count,
    %(start)s::timestamptz + make_interval(hours => hour) + minutes,
    case when next_hour < 8760 then %(start)s::timestamptz + make_interval(hours => next_hour) + minutes end,
    case when next_hour < 8760 then %(start)s::timestamptz + make_interval(hours => next_hour - 1) + minutes end,
    gen_random_uuid()
from priced
order by
    hour,
    provider_id,
    id;
