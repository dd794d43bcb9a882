drop view cloudgpus.availability_history;

delete from cloudgpus.schema_migrations where id = '0019_availability';
