-- A provider's runs whose answers are kept, oldest first.
-- params: provider (text: slug), since (timestamptz or null: the newest only), until (timestamptz or null)
-- row: KeptRun
with kept as (
    select distinct on (job.observed_at)
        job.id,
        job.observed_at,
        job.is_recorded,
        bool_or(job.status = 'completed') over (partition by job.observed_at) as was_stored
    from cloudgpus.scrape_jobs as job
    inner join cloudgpus.providers as provider on provider.id = job.provider_id
    where provider.slug = %(provider)s
        and job.observed_at <= coalesce(%(until)s::timestamptz, 'infinity')
        and exists (
            select
            from cloudgpus.captures as capture
            where capture.scrape_job_id = job.id
        )
    -- An answer that was fetched or parsed again is kept with that run too.
    order by job.observed_at, job.started_at desc
)

select
    id::text,
    observed_at,
    is_recorded,
    was_stored
from kept
where observed_at >= coalesce(%(since)s::timestamptz, (select max(observed_at) from kept))
order by observed_at;
