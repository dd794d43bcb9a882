create or replace function cloudgpus.price_history_months() returns table (
    name text,
    first date,
    until date,
    segments bigint,
    bytes bigint,
    is_attached boolean
)
language plpgsql
stable
set search_path = cloudgpus, pg_temp
as $$
begin
    for name, first, is_attached, bytes in
        select
            part.relname,
            case
                when part.relname ~ '^price_history_\d{4}_\d{2}'
                    then to_date(substr(part.relname, 15, 7), 'YYYY_MM')
            end as month,
            part.relispartition,
            pg_total_relation_size(part.oid)
        from pg_catalog.pg_class as part
        where part.relnamespace = 'cloudgpus'::regnamespace
            and part.relkind = 'r'
            and part.relname ~ '^price_history_(\d{4}_\d{2}(_detached(_\d+)?)?|default)$'
        order by month nulls last, part.relname
    loop
        until := first + interval '1 month';
        execute format('select count(*) from cloudgpus.%I', name) into segments;
        return next;
    end loop;
end $$;

comment on function cloudgpus.price_history_months() is
    'The months of history, attached and detached, and the default partition (without first and until), which should be '
    'empty';
