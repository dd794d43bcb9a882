drop trigger move_evidence_update on cloudgpus.scrape_jobs;
drop trigger move_evidence_delete on cloudgpus.scrape_jobs;
drop trigger move_evidence_update on cloudgpus.captures;
drop trigger move_evidence_delete on cloudgpus.captures;
drop trigger move_histories_update on cloudgpus.instances;
drop trigger move_histories_insert on cloudgpus.price_history;
drop trigger move_histories_update on cloudgpus.price_history;
drop trigger move_histories_delete on cloudgpus.price_history;
drop trigger move_spans_insert on cloudgpus.price_history;
drop trigger move_spans_update on cloudgpus.price_history;
drop trigger move_spans_delete on cloudgpus.price_history;
drop table cloudgpus.price_spans;

delete from cloudgpus.schema_migrations where id = '0019_price_spans';
