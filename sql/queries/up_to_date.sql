-- Whether there is anything to do: the last build, and whether anything has been written since.
-- params: none
-- row: LastBuilt (as_of: of the build; now: as run_last has it)
select
    build.generation::text,
    build.as_of,
    build.code ->> '' as code,
    build.code ->> 'settings' as settings,
    build.report,
    exists (select from cloudgpus.moved_slices)
    or build.revision <> (select settled.revision from cloudgpus.slices_settled as settled) as has_moved,
    (
        select
            greatest(
                last.as_of,
                (
                    select max(confirmation.last_confirmed_at)
                    from cloudgpus.confirmations as confirmation
                    inner join cloudgpus.scrape_jobs as job on job.id = confirmation.scrape_job_id
                    inner join cloudgpus.runs as run on run.id = job.run_id
                    where (run.completed_at is null or run.source = 'replay')
                        and confirmation.last_confirmed_at <= clock_timestamp() + interval '10 minutes'
                )
            )
        from cloudgpus.runs as last
        where last.completed_at is not null
            and last.source <> 'replay'
        order by last.completed_at desc, last.id desc
        limit 1
    ) as now
from cloudgpus.builds as build
where build.completed_at is not null
    and build.revision is not null
order by build.id desc
limit 1;
