create or replace function cloudgpus.compact_price_history(before date) returns table (
    partition text,
    bytes_before bigint,
    bytes_after bigint
)
language plpgsql
set lock_timeout = '5s'
set search_path = cloudgpus, pg_temp
as $$
declare
    month record;
begin
    for month in
        select
            part.oid as id,
            part.relname::text as name,
            by_offer.relname::text as in_order_of
        from pg_catalog.pg_inherits as link
        inner join pg_catalog.pg_class as part on part.oid = link.inhrelid
        inner join pg_catalog.pg_index as entry on entry.indrelid = part.oid
        inner join pg_catalog.pg_class as by_offer on by_offer.oid = entry.indexrelid
        inner join pg_catalog.pg_inherits as index_link on index_link.inhrelid = entry.indexrelid
        where link.inhparent = 'cloudgpus.price_history'::regclass
            and index_link.inhparent = 'cloudgpus.idx_price_history_instance_time'::regclass
            and part.relname ~ '^price_history_\d{4}_\d{2}$'
            and to_date(substr(part.relname, 15), 'YYYY_MM') < date_trunc('month', before::timestamp)
            and not coalesce('fillfactor=100' = any(part.reloptions), false)
            and pg_relation_size(part.oid) > 0
        order by part.relname
    loop
        partition := month.name;
        bytes_before := pg_total_relation_size(month.id);
        execute format('alter table cloudgpus.%I set (fillfactor = 100)', month.name);
        execute format('cluster cloudgpus.%I using %I', month.name, month.in_order_of);
        bytes_after := pg_total_relation_size(month.id);
        return next;
    end loop;
end $$;

comment on function cloudgpus.compact_price_history(date) is
    'Rewrite each month that ends on or before a day, once: full pages, in the order of its offers, its indexes packed. '
    'A past month hardly changes any more';
