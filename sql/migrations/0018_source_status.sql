-- The status of each source is shown: whoever writes a job moves it.

create trigger move_source_status_insert
    after insert on cloudgpus.scrape_jobs
    referencing new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{}', $sql$ values ('source_status') $sql$);

create trigger move_source_status_update
    after update on cloudgpus.scrape_jobs
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{duration_ms,report}', $sql$ values ('source_status') $sql$);

create trigger move_source_status_delete
    after delete on cloudgpus.scrape_jobs
    referencing old table as old_rows
    for each statement execute function cloudgpus.note_moved_slices('{}', $sql$ values ('source_status') $sql$);

insert into cloudgpus.moved_slices (slice) values ('source_status');

insert into cloudgpus.schema_migrations (id) values ('0018_source_status');
