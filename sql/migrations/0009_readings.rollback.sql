drop table cloudgpus.disagreements;
drop table cloudgpus.reference_left_out;
drop table cloudgpus.reference_history;
drop table cloudgpus.reference_sources;

delete from cloudgpus.schema_migrations where id = '0009_readings';
