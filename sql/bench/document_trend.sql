-- A GPU's price trend of 30 days, as in the first draft: the mean of each day's changes.
-- params: gpu (text), as_of (timestamptz)
-- row: none
select
    date_trunc('day', history.recorded_at) as date,
    provider.display_name as provider,
    avg(history.price_per_gpu_hour) as avg_price,
    min(history.price_per_gpu_hour) as min_price,
    max(history.price_per_gpu_hour) as max_price
from cloudgpus.price_history as history
inner join cloudgpus.providers as provider on provider.id = history.provider_id
inner join cloudgpus.gpu_models as gpu on gpu.id = history.gpu_model_id
where gpu.slug = %(gpu)s
    and history.recorded_at >= %(as_of)s::timestamptz - interval '30 days'
group by
    date_trunc('day', history.recorded_at),
    provider.display_name
order by
    date,
    provider;
