drop function cloudgpus.price_history_months();
drop function cloudgpus.compact_price_history(date);
drop function cloudgpus.detach_price_history(date);

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

delete from cloudgpus.schema_migrations where id = '0013_detached_months';
