-- How the last reading of each active provider's source went, and when the last good one was; in days.
-- params: as_of (timestamptz)
-- row: SourceStatusRow
select
    provider.slug,
    utc_day(last.tried_at) as tried_on,
    coalesce(last.is_good, false) as is_good,
    coalesce(last.error_code, '') as error_code,
    coalesce(last.instances_found, 0) as offers_n,
    coalesce(last.is_recorded, false) as is_recorded,
    utc_day(good.observed_at) as good_on
from providers as provider
left join lateral (
    select
        run.as_of as tried_at,
        job.status = 'completed' as is_good,
        job.error_code,
        job.instances_found,
        job.is_recorded
    from scrape_jobs as job
    inner join runs as run on run.id = job.run_id
    where job.provider_id = provider.id
        and run.source <> 'replay'
        and run.as_of <= %(as_of)s
        and job.status not in ('pending', 'running')
    order by run.as_of desc, job.started_at desc
    limit 1
) as last on true
left join lateral (
    select max(job.observed_at) as observed_at
    from scrape_jobs as job
    where job.provider_id = provider.id
        and job.status = 'completed'
        and job.observed_at <= %(as_of)s
) as good on true
where provider.is_active
order by provider.slug;
