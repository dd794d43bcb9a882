-- PostgreSQL lets everybody store large objects, which are in no table and in none of our backups.
create or replace function cloudgpus.refuse_large_objects() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    function regprocedure;
begin
    -- They belong to the whole database: where others use it, or we lack the right, nothing is revoked.
    if exists (
        select from pg_namespace where nspname not in ('cloudgpus', 'public', 'information_schema') and nspname !~ '^pg_'
    ) then
        return;
    end if;
    for function in
        select oid
        from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace
            and (proname ~ '^lo_' or proname in ('loread', 'lowrite'))
            and pg_has_role(proowner, 'usage')
    loop
        execute format('revoke execute on function %s from public', function);
    end loop;
end $$;

comment on function cloudgpus.refuse_large_objects() is
    'Revoke the public''s right to large objects in this database, where the project is alone in it and the user may';
