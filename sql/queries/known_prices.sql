-- The lowest and the highest price known of each GPU, whatever its pricing type: stored offers and published readings.
-- params: none
-- row: KnownPrices (US dollars per GPU-hour)
with stored as (
    select
        i.gpu_model_id,
        unnest(array[
            i.price_per_hour,
            i.price_per_hour_spot,
            i.price_per_hour_reserved_1y,
            i.price_per_hour_reserved_3y,
            i.price_per_month / 730
        ]) / (i.gpu_count * i.gpu_share) as price
    from instances i
    where i.is_active
),

known as (
    select gpu_model_id, price from stored
    union all
    select gpu_model_id, price_per_gpu_hour from reference_history
)

select
    g.slug as gpu_slug,
    min(k.price) as lowest,
    max(k.price) as highest
from known k
join gpu_models g on g.id = k.gpu_model_id
where k.price > 0
group by g.slug
order by g.slug;
