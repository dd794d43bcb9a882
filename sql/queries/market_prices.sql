-- What each GPU rents for: the lowest and the highest known price, and the market's median; all of whole machines.
--
-- The median takes one vote per provider: its lowest current price per GPU on demand, or else the newest reading by
-- others from the year before the last reading.
-- params: none
-- row: MarketPrices (US dollars per GPU-hour)
with stored as (
    select
        offer.gpu_model_id,
        offer.provider_id,
        offer.price_per_gpu_hour as on_demand,
        cloudgpus.price_per_gpu_hour(hourly.price, offer.gpu_count, offer.gpu_share) as price
    from cloudgpus.instances as offer
    cross join lateral unnest(array[
        offer.price_per_hour,
        offer.price_per_hour_spot,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        offer.price_per_month / cloudgpus.hours_per_month()
    ]) as hourly (price)
    where offer.is_active
        and offer.price_basis = 'complete'
),

known as (
    select gpu_model_id, price from stored
    union all
    select gpu_model_id, price_per_gpu_hour from cloudgpus.reference_history where price_basis = 'complete'
),

standing as (
    select
        gpu_model_id,
        provider_id::text as provider,
        min(on_demand) as price
    from stored
    where on_demand is not null
    group by gpu_model_id, provider_id
),

readings as (
    select distinct on (reading.gpu_model_id, reading.provider)
        reading.gpu_model_id,
        coalesce(provider.id::text, reading.provider) as provider,
        reading.price_per_gpu_hour as price
    from cloudgpus.reference_history as reading
    left join cloudgpus.providers as provider on provider.slug = reading.provider
    where reading.pricing_type = 'on_demand'
        and reading.price_basis = 'complete'
        and reading.observed_at >= (select max(observed_at) from cloudgpus.reference_history) - interval '1 year'
    order by reading.gpu_model_id, reading.provider, reading.observed_at desc, reading.price_per_gpu_hour
),

votes as (
    select gpu_model_id, provider, price from standing
    union all
    select
        reading.gpu_model_id,
        reading.provider,
        reading.price
    from readings as reading
    where not exists (
        select
        from standing
        where standing.gpu_model_id = reading.gpu_model_id
            and standing.provider = reading.provider
    )
),

market as (
    select
        gpu_model_id,
        count(*)::integer as providers_n,
        percentile_cont(0.5) within group (order by price)::numeric as median
    from votes
    group by gpu_model_id
)

select
    gpu.slug as gpu_slug,
    min(known.price) as lowest,
    max(known.price) as highest,
    coalesce(max(market.providers_n), 0) as providers_n,
    max(market.median) as median
from known
inner join cloudgpus.gpu_models as gpu on gpu.id = known.gpu_model_id
left join market on market.gpu_model_id = known.gpu_model_id
where known.price > 0
group by gpu.slug
order by gpu.slug;
