create or replace function cloudgpus.is_at_desk(who text) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select pg_has_role(session_user, (select relowner from pg_class where oid = 'cloudgpus.editors'::regclass), 'usage')
        or exists (select from cloudgpus.editors where name = who and is_active)
        or not exists (select from cloudgpus.editors where is_active)
$$;

comment on function cloudgpus.is_at_desk(text) is
    'Whether somebody of this name may decide at the desk: an active editor, or whoever the owner of the database says; anybody while nobody is registered';
