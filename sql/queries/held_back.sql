-- How many spellings of GPUs wait for a row or an alias, and how many offers the last runs refused.
-- params: as_of (timestamptz)
-- row: HeldBackRow
select
    (select count(*)::integer from unmapped_gpu_names where first_seen_at <= %(as_of)s) as unmapped_n,
    (
        select coalesce(sum(last_job.offers_rejected), 0)::integer
        from (
            select distinct on (provider_id) offers_rejected
            from scrape_jobs
            where status = 'completed'
            order by provider_id, started_at desc
        ) as last_job
    ) as rejected_n;
