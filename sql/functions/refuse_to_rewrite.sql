create or replace function cloudgpus.refuse_to_rewrite() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception '%: rows are only ever added, never changed or deleted', tg_table_name
        using errcode = 'restrict_violation', table = tg_table_name, schema = tg_table_schema;
end $$;

comment on function cloudgpus.refuse_to_rewrite() is 'Refuse to change, delete or truncate rows, to the owner too';
