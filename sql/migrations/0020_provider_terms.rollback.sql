drop table cloudgpus.provider_terms;
drop type cloudgpus.provider_term_field;

delete from cloudgpus.schema_migrations where id = '0020_provider_terms';
