-- What every offer costs now, to four decimals as in the first draft: the same in both schemas, or the measurement
-- compares different work.
-- params: none
-- row: _Price (US dollars per GPU-hour)
select
    provider.slug as provider,
    offer.instance_type,
    round(offer.price_per_gpu_hour, 4) as price_per_gpu_hour
from cloudgpus.instances as offer
inner join cloudgpus.providers as provider on provider.id = offer.provider_id
order by
    provider.slug,
    offer.instance_type;
