create or replace trigger record_instance_price_history
    after update on cloudgpus.instances
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.record_price_history();

update cloudgpus.runs set source = 'recorded' where source = 'replay';
alter table cloudgpus.runs drop constraint runs_source_known;
alter table cloudgpus.runs add constraint runs_source_known check (source in ('auto', 'live', 'recorded'));
comment on column cloudgpus.runs.source is null;

alter table cloudgpus.scrape_jobs drop column observed_at;

delete from cloudgpus.schema_migrations where id = '0018_evidence';
