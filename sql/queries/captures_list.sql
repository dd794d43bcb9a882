-- The kept answers, the newest first, each with its run's result.
-- params: providers (text[]: slugs; empty: all), most (integer)
-- row: CaptureLine (body_bytes: before compression; prices: how many current prices were last seen in its run)
select
    provider.slug as provider,
    capture.fetched_at,
    capture.status,
    content.body_bytes,
    capture.sha256,
    capture.method,
    capture.url,
    capture.is_recorded,
    job.status::text as outcome,
    job.error_code,
    job.instances_found as offers,
    (
        select count(*)::integer
        from cloudgpus.confirmations as confirmation
        inner join cloudgpus.instances as offer on offer.id = confirmation.instance_id
        where confirmation.scrape_job_id = capture.scrape_job_id
            and offer.is_active
    ) as prices,
    job.id::text as job
from cloudgpus.captures as capture
inner join cloudgpus.providers as provider on provider.id = capture.provider_id
inner join cloudgpus.capture_bodies as content on content.sha256 = capture.sha256
inner join cloudgpus.scrape_jobs as job on job.id = capture.scrape_job_id
where cardinality(%(providers)s::text[]) = 0
    or provider.slug = any (%(providers)s)
order by capture.fetched_at desc, provider.slug, capture.url
limit %(most)s;
