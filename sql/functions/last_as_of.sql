create or replace function cloudgpus.last_as_of() returns timestamptz
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select greatest(
        last.as_of,
        (
            select max(confirmation.last_confirmed_at)
            from cloudgpus.confirmations as confirmation
            inner join cloudgpus.scrape_jobs as job on job.id = confirmation.scrape_job_id
            inner join cloudgpus.runs as run on run.id = job.run_id
            where (run.completed_at is null or run.source = 'replay')
                -- What a clock that was ahead has dated is left out.
                and confirmation.last_confirmed_at <= clock_timestamp() + interval '10 minutes'
        )
    )
    from cloudgpus.runs as last
    where last.completed_at is not null
        and last.source <> 'replay'
        and exists (select from cloudgpus.instances)
    order by last.completed_at desc, last.id desc
    limit 1
$$;

comment on function cloudgpus.last_as_of() is
    'The instant that covers what is stored: that of the last run that ended, or later, where a run that was killed or '
    'still goes on has stored newer prices since; null before a run has ended, and while no price was ever stored';
