-- What is held back: whole answers, then offers, the newest first, with the current price that stays in its place.
-- params: provider (text or null: all), everything (boolean: decided and withdrawn ones too)
-- row: Entry (prices, standing_price: US dollars per GPU-hour; standing_price: on demand)
select
    entry.id,
    provider.slug as provider,
    entry.instance_type,
    entry.region,
    gpu.slug as gpu_slug,
    entry.rule,
    entry.detail,
    entry.prices,
    entry.state,
    entry.seen_n,
    entry.first_seen_at,
    entry.last_seen_at,
    entry.decided_by,
    entry.decided_at,
    entry.reason,
    offer.price_per_gpu_hour as standing_price,
    confirmation.last_confirmed_at as standing_since,
    capture.sha256 as capture
from cloudgpus.quarantine as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id
left join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
left join cloudgpus.instances as offer
    on offer.provider_id = entry.provider_id
    and offer.instance_type = entry.instance_type
    and offer.region = entry.region
    and offer.is_active
left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
left join lateral (
    select seen.sha256
    from cloudgpus.captures as seen
    where seen.scrape_job_id = entry.last_job_id
    order by seen.fetched_at desc
    limit 1
) as capture on true
where (%(everything)s or entry.state in ('waiting', 'rejected'))
    and (%(provider)s::text is null or provider.slug = %(provider)s)
order by entry.state <> 'waiting', entry.instance_type <> '', entry.id desc;
