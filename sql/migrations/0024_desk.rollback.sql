drop view cloudgpus.content_states;

drop trigger move_prose_insert on cloudgpus.content_pages;
drop trigger move_prose_update on cloudgpus.content_pages;
drop trigger move_prose_delete on cloudgpus.content_pages;
drop trigger keep_slug on cloudgpus.content_pages;
drop trigger note_page_delete on cloudgpus.content_pages;
drop trigger note_page_update on cloudgpus.content_pages;
drop trigger guard_published on cloudgpus.content_pages;

-- What waits for its day says so in its front matter again.
update cloudgpus.content_pages as page
set front_matter = revision.front || jsonb_build_object(
    'waits', true, 'reviewed_by', approval.actor, 'reviewed_on', approval.signed_on, 'reviewed_hash', approval.text_hash
)
from cloudgpus.content_revisions as revision
inner join lateral (
    select action
    from cloudgpus.content_reviews
    where revision_id = revision.id
        and state is not null
    order by id desc
    limit 1
) as last on last.action = 'schedule'
inner join cloudgpus.content_reviews as approval on approval.revision_id = revision.id and approval.is_signed
where revision.page_id = page.id
    and page.page_type in ('guide', 'workload')
    and not page.is_published;

alter table cloudgpus.content_pages drop column imported_hash, drop column live_revision_id;
alter table cloudgpus.builds drop column audit_head;

drop table cloudgpus.content_reviews;
drop table cloudgpus.content_revisions;
drop table cloudgpus.slug_history;
drop table cloudgpus.audit_log;
drop table cloudgpus.editors;

do $$
declare
    grantee text;
    guarded record;
begin
    for guarded in
        select tablename, policyname
        from pg_catalog.pg_policies
        where schemaname = 'cloudgpus' and roles && array['cloudgpus_ci', 'cloudgpus_editor']::name[]
    loop
        execute format('drop policy %I on cloudgpus.%I', guarded.policyname, guarded.tablename);
    end loop;
    for grantee in
        select rolname from pg_catalog.pg_roles where rolname in ('cloudgpus_ci', 'cloudgpus_editor')
    loop
        execute format('revoke all on all tables in schema cloudgpus from %I', grantee);
        execute format('revoke all on all sequences in schema cloudgpus from %I', grantee);
        execute format('revoke all on all functions in schema cloudgpus from %I', grantee);
        execute format('revoke all on schema cloudgpus from %I', grantee);
        -- Roles belong to the whole server: one with grants in another database stays.
        if exists (select from cloudgpus.project_objects where kind = 'role' and name = grantee) then
            begin
                execute format('drop role %I', grantee);
            exception when dependent_objects_still_exist or insufficient_privilege then
                raise notice 'role % stays: %', grantee, sqlerrm;
            end;
            delete from cloudgpus.project_objects where kind = 'role' and name = grantee;
        end if;
    end loop;
end $$;

delete from cloudgpus.schema_migrations where id = '0024_desk';
