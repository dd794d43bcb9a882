drop trigger move_source_status_insert on cloudgpus.scrape_jobs;
drop trigger move_source_status_update on cloudgpus.scrape_jobs;
drop trigger move_source_status_delete on cloudgpus.scrape_jobs;

delete from cloudgpus.schema_migrations where id = '0018_source_status';
