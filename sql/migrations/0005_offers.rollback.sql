drop trigger recompute_instances_price_per_vram on cloudgpus.gpu_models;
drop table cloudgpus.confirmations;
drop table cloudgpus.instances;

delete from cloudgpus.schema_migrations where id = '0005_offers';
