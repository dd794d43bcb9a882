drop trigger move_disputed_insert on cloudgpus.disagreements;
drop trigger move_disputed_update on cloudgpus.disagreements;
drop trigger move_disputed_delete on cloudgpus.disagreements;
drop trigger move_disputed_truncate on cloudgpus.disagreements;
drop table cloudgpus.scheduled_prices;
drop table cloudgpus.disputed_prices;

do $$
declare
    detached regclass;
begin
    for detached in
        select oid from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relname ~ '^price_history_\d{4}_\d{2}_detached$' and relkind = 'r'
    loop
        execute format('alter table %s drop column if exists price_ends', detached);
    end loop;
end $$;

alter table cloudgpus.price_history drop column price_ends;
alter table cloudgpus.instances drop column price_ends;

delete from cloudgpus.schema_migrations where id = '0021_price_states';
