-- Delete old answers, but for the first and the last with each price, and those with offers that are held back.
--
-- The first answer with a price is that of its segment's job; the last is the one that last confirmed it.
-- params: before (timestamptz)
-- row: none
delete from cloudgpus.captures as capture
where capture.fetched_at < %(before)s
    and not exists (
        select
        from cloudgpus.instances as offer
        where offer.scrape_job_id = capture.scrape_job_id
    )
    and not exists (
        select
        from cloudgpus.confirmations as confirmation
        where confirmation.scrape_job_id = capture.scrape_job_id
    )
    and not exists (
        select
        from cloudgpus.price_history as segment
        where segment.provider_id = capture.provider_id
            and segment.scrape_job_id = capture.scrape_job_id
    )
    and not exists (
        select
        from cloudgpus.scrape_jobs as job
        inner join cloudgpus.price_history as segment
            on segment.provider_id = job.provider_id
            and segment.last_confirmed_at = job.observed_at
        where job.id = capture.scrape_job_id
    )
    and not exists (
        select
        from cloudgpus.quarantine as entry
        where entry.first_job_id = capture.scrape_job_id
            or entry.last_job_id = capture.scrape_job_id
    );
