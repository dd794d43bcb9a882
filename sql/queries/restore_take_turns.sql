-- Wait for all who use the tables, at most a minute for each table, and name them if they go on; psql runs it.
-- params: none
-- row: none
do $$
declare
    ours oid[] := array(
        select oid from pg_catalog.pg_class where relnamespace = to_regnamespace('cloudgpus') and relkind in ('r', 'p')
    );
    taken regclass;
begin
    perform set_config('lock_timeout', '60s', true);
    for taken in select unnest(ours) loop
        execute format('lock table %s in access exclusive mode', taken);
    end loop;
exception when lock_not_available then
    raise exception '% is in use by %; try again when it is not', taken, (
        select
            string_agg(
                distinct format('"%s" (process %s, %s)', holder.usename, holder.pid, holder.application_name), ' and '
            )
        from pg_catalog.pg_locks as lock
        inner join pg_catalog.pg_stat_activity as holder on holder.pid = lock.pid
        where lock.relation = any (ours)
            and lock.pid <> pg_backend_pid()
            and lock.database = (select oid from pg_catalog.pg_database where datname = current_database())
    );
end $$;
