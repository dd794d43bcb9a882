-- The instant that covers what is stored: that of the last run that ended, or later, where a run that was killed or still
-- goes on has stored newer prices since; none before a run has ended, and while no price was ever stored.
--
-- What a clock that was ahead has dated is left out.
-- params: none
-- row: _LastRun (as_of)
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
    ) as as_of
from cloudgpus.runs as last
where last.completed_at is not null
    and last.source <> 'replay'
    and exists (select from cloudgpus.instances)
order by last.completed_at desc, last.id desc
limit 1;
