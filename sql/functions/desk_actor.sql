create or replace function cloudgpus.desk_actor() returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(nullif(current_setting('cloudgpus.actor', true), ''), 'psql: ' || session_user)
$$;

comment on function cloudgpus.desk_actor() is
    'Who acts in this transaction as the application states it; without that, the login, as of somebody with psql';
