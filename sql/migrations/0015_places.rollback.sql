alter table cloudgpus.gpu_floors drop column places_n;

delete from cloudgpus.schema_migrations where id = '0015_places';
