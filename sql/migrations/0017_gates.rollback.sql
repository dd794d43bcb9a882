drop table cloudgpus.former_pages;
drop index cloudgpus.idx_built_pages_waiting;

alter table cloudgpus.built_pages
    drop column gate_found,
    drop column gate_found_since,
    drop column gate_found_times,
    drop column gate_found_at,
    drop column was_indexable;

delete from cloudgpus.schema_migrations where id = '0017_gates';
