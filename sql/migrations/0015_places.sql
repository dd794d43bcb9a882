-- In how many configurations and places each provider rents out a GPU: with several, they have a page of their own.

alter table cloudgpus.gpu_floors add column places_n integer not null default 0;

comment on column cloudgpus.gpu_floors.places_n is 'How many pairs of a machine and a region its ranked offers are of';

insert into cloudgpus.moved_slices (slice) values ('everything');

insert into cloudgpus.schema_migrations (id) values ('0015_places');
