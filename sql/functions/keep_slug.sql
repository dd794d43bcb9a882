create or replace function cloudgpus.keep_slug() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from cloudgpus.content_revisions as revision where revision.page_id = old.id) then
        insert into cloudgpus.slug_history (old_path, new_path, status, at, actor)
        values (
            '/' || old.slug || '/',
            '/' || new.slug || '/',
            301,
            coalesce(nullif(current_setting('cloudgpus.at', true), '')::timestamptz, clock_timestamp()),
            cloudgpus.desk_actor()
        );
    end if;
    return null;
end $$;

comment on function cloudgpus.keep_slug() is 'Keep where a page with revisions was, when its address changes';
