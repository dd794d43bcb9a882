-- Which GPU a name means is shown: whoever writes a spelling moves the list of them.

create trigger move_gpu_names_insert
    after insert on cloudgpus.gpu_aliases
    referencing new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{}', $sql$ values ('gpu_names') $sql$);

create trigger move_gpu_names_update
    after update on cloudgpus.gpu_aliases
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{}', $sql$ values ('gpu_names') $sql$);

create trigger move_gpu_names_delete
    after delete on cloudgpus.gpu_aliases
    referencing old table as old_rows
    for each statement execute function cloudgpus.note_moved_slices('{}', $sql$ values ('gpu_names') $sql$);

insert into cloudgpus.moved_slices (slice) values ('gpu_names');

insert into cloudgpus.schema_migrations (id) values ('0022_gpu_names');
