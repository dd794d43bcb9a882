-- After the rows: put foreign keys back, which checks them, enable triggers, and distrust what was derived from old rows.
-- params: none
-- row: none
do $$
declare
    found record;
begin
    for found in
        select distinct relation::regclass as relation
        from pg_temp.restore_tables
        cross join lateral (select format('cloudgpus.%I', name)::regclass as leaf) as part
        cross join lateral (values (leaf), (coalesce(pg_partition_root(leaf), leaf))) as part_or_root (relation)
        union
        select relid
        from pg_temp.restore_tables
        cross join lateral pg_partition_tree(
            case when name ~ '_default$' then pg_partition_root(format('cloudgpus.%I', name)::regclass) end
        )
    loop
        execute format('alter table %s enable trigger user', found.relation);
    end loop;
    for found in select * from pg_temp.restore_keys loop
        execute format('alter table %s add constraint %I %s', found.relation, found.name, found.definition);
    end loop;
    if not exists (select from pg_temp.restore_tables where name = 'market_settled') then
        update cloudgpus.market_settled set before = '-infinity';
    end if;
exception when foreign_key_violation then
    raise exception 'rows of other tables, or of these, refer to rows that the dump does not have (%); restore these tables too', sqlerrm;
end $$;
