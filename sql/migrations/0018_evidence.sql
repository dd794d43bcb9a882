-- When the answers of a job stood, and what a mended parser corrects.

alter table cloudgpus.scrape_jobs add column observed_at timestamptz;

comment on column cloudgpus.scrape_jobs.observed_at is
    'When the answers stood: the time of the newest of them; a price''s last_confirmed_at names its job by it';

update cloudgpus.scrape_jobs as job
set observed_at = coalesce(
    (select max(capture.fetched_at) from cloudgpus.captures as capture where capture.scrape_job_id = job.id),
    job.started_at
);

create index idx_scrape_jobs_observed on cloudgpus.scrape_jobs (provider_id, observed_at);

-- What is stored is corrected in place where an answer is read anew: no price moved then.
create or replace trigger record_instance_price_history
    after update on cloudgpus.instances
    referencing old table as old_rows new table as new_rows
    for each statement
    when (current_setting('cloudgpus.is_correction', true) is distinct from 'on')
    execute function cloudgpus.record_price_history();

alter table cloudgpus.runs drop constraint runs_source_known;
alter table cloudgpus.runs add constraint runs_source_known check (source in ('auto', 'live', 'recorded', 'replay'));

comment on column cloudgpus.runs.source is
    'What was asked for: live answers, recorded ones, or live with recorded where nothing is reached; replay: kept ones, read anew';

insert into cloudgpus.schema_migrations (id) values ('0018_evidence');
