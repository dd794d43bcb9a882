drop table cloudgpus.reference_left_out;

alter table cloudgpus.reference_history drop column price_basis;

delete from cloudgpus.schema_migrations where id = '0026_reading_basis';
