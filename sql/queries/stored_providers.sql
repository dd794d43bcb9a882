-- What is stored of each provider: how many live and recorded offers, when each kind was last confirmed, and the hashes of
-- the last recorded run's answers.
-- params: none
-- row: StoredProvider
select
    p.slug,
    count(i.id)::integer as offers_n,
    max(c.last_confirmed_at) filter (where not i.is_recorded) as live_at,
    max(c.last_confirmed_at) filter (where i.is_recorded) as recorded_at,
    array(
        select capture.sha256
        from captures capture
        where capture.scrape_job_id = (
            select job.id
            from scrape_jobs job
            where job.provider_id = p.id
                and job.is_recorded
                and job.status = 'completed'
            order by job.run_id desc, job.started_at desc
            limit 1
        )
    ) as recorded_bodies
from providers p
left join instances i on i.provider_id = p.id and i.is_active
left join confirmations c on c.instance_id = i.id
group by p.id, p.slug
order by p.slug;
