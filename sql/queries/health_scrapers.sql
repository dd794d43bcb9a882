-- The scrapers' dashboard: each active provider's last job, and how long ago one of its prices was last confirmed.
-- params: as_of (timestamptz)
-- row: Scraper (hours_since_update: since the last confirmation, null for none)
select
    provider.slug as provider,
    job.status::text as status,
    job.started_at,
    job.duration_ms::bigint as duration_ms,
    job.instances_found as offers_found,
    job.instances_updated as offers_changed,
    job.is_recorded,
    job.error_code,
    job.error_message,
    round((extract(epoch from %(as_of)s::timestamptz - seen.last_confirmed_at) / 3600)::numeric, 1) as hours_since_update
from cloudgpus.providers as provider
left join lateral (
    select
        status,
        started_at,
        duration_ms,
        instances_found,
        instances_updated,
        is_recorded,
        error_code,
        error_message
    from cloudgpus.scrape_jobs
    where scrape_jobs.provider_id = provider.id
    order by run_id desc nulls last, started_at desc
    limit 1
) as job on true
left join lateral (
    select max(confirmation.last_confirmed_at) as last_confirmed_at
    from cloudgpus.instances as offer
    join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
    where offer.provider_id = provider.id
      and offer.is_active
) as seen on true
where provider.is_active
  and (job.started_at is not null or seen.last_confirmed_at is not null)
order by hours_since_update desc nulls first, provider.slug;
