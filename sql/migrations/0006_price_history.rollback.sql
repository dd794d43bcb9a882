drop view cloudgpus.availability_history;
drop trigger keep_gpu_history on cloudgpus.gpu_models;
drop trigger keep_provider_history on cloudgpus.providers;
drop trigger record_instance_price_history_insert on cloudgpus.instances;
drop trigger record_instance_price_history on cloudgpus.instances;

-- The detached months go too.
do $$
declare
    detached text;
begin
    for detached in
        select relname from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace
            and relkind = 'r'
            and relname ~ '^price_history_\d{4}_\d{2}_detached(_\d+)?$'
    loop
        execute format('drop table cloudgpus.%I', detached);
    end loop;
end $$;

drop table cloudgpus.price_history;

delete from cloudgpus.schema_migrations where id = '0006_price_history';
