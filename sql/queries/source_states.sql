-- Each active provider that was asked: its last job, since when its jobs have failed, and its stored offers.
-- params: none
-- row: SourceState (failing_since: null where the last job completed; confirmed_at: null for no offers)
with last_job as (
    select distinct on (provider_id)
        provider_id,
        status,
        error_code,
        error_message
    from cloudgpus.scrape_jobs
    order by provider_id, run_id desc nulls last, started_at desc
),

completed as (
    select
        provider_id,
        max(started_at) as started_at
    from cloudgpus.scrape_jobs
    where status = 'completed'
    group by provider_id
)

select
    provider.slug,
    provider.display_name as name,
    last_job.status::text as status,
    last_job.error_code,
    last_job.error_message,
    (
        select min(job.started_at)
        from cloudgpus.scrape_jobs as job
        where job.provider_id = provider.id
            and last_job.status <> 'completed'
            and job.started_at > coalesce(completed.started_at, '-infinity')
    ) as failing_since,
    (
        select count(*)
        from cloudgpus.instances as offer
        where offer.provider_id = provider.id
            and offer.is_active
    ) as offers,
    (
        select max(confirmation.last_confirmed_at)
        from cloudgpus.confirmations as confirmation
        inner join cloudgpus.instances as offer on offer.id = confirmation.instance_id
        where offer.provider_id = provider.id
            and offer.is_active
    ) as confirmed_at
from cloudgpus.providers as provider
inner join last_job on last_job.provider_id = provider.id
left join completed on completed.provider_id = provider.id
where provider.is_active
order by provider.slug;
