drop table cloudgpus.captures;
drop table cloudgpus.capture_bodies;
drop table cloudgpus.scrape_jobs;
drop table cloudgpus.runs;

delete from cloudgpus.schema_migrations where id = '0004_runs';
