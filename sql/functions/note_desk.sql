create or replace function cloudgpus.note_desk() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    moment timestamptz := coalesce(nullif(current_setting('cloudgpus.at', true), '')::timestamptz, clock_timestamp());
    who text := cloudgpus.desk_actor();
    what text;
    page record;
    revision record;
    before_hash text;
    after_hash text;
    detail jsonb := '{}';
begin
    case tg_table_name
        when 'content_revisions' then
            who := new.author;
            moment := new.created_at;
            what := format('%s@%s', new.slug, new.number);
            after_hash := new.hash;
            select earlier.hash into before_hash
            from cloudgpus.content_revisions as earlier
            where earlier.page_id = new.page_id and earlier.number = new.base_revision;
            detail := jsonb_build_object('kind', new.kind, 'base', new.base_revision, 'fingerprint', new.input_fingerprint);
        when 'content_reviews' then
            who := new.actor;
            moment := new.at;
            select one.slug, one.number, one.hash into revision
            from cloudgpus.content_revisions as one where one.id = new.revision_id;
            select live.hash into before_hash
            from cloudgpus.content_pages as one
            inner join cloudgpus.content_revisions as live on live.id = one.live_revision_id
            where one.id = new.page_id;
            what := format('%s@%s', revision.slug, revision.number);
            after_hash := revision.hash;
            detail := jsonb_strip_nulls(
                to_jsonb(new) - array['id', 'page_id', 'revision_id', 'actor', 'at', 'action', 'facts', 'claims', 'checks']
            ) || jsonb_build_object('checks', encode(sha256(convert_to(coalesce(new.checks::text, ''), 'UTF8')), 'hex'));
        when 'slug_history' then
            who := new.actor;
            moment := new.at;
            what := new.old_path;
            detail := jsonb_build_object('new_path', new.new_path, 'status', new.status);
        when 'editors' then
            what := 'editor ' || case when tg_op = 'DELETE' then old.name else new.name end;
            before_hash := case when tg_op <> 'INSERT' then encode(sha256(convert_to(to_jsonb(old)::text, 'UTF8')), 'hex') end;
            after_hash := case when tg_op <> 'DELETE' then encode(sha256(convert_to(to_jsonb(new)::text, 'UTF8')), 'hex') end;
            detail := jsonb_build_object('password_changed', case when tg_op = 'UPDATE' then old.password_hash is distinct from new.password_hash else true end)
                || case when tg_op = 'DELETE' then '{}' else to_jsonb(new) - array['id', 'password_hash', 'created_at'] end;
        when 'content_pages' then
            what := case when tg_op = 'DELETE' then old.slug else new.slug end;
            select hash into before_hash from cloudgpus.content_revisions where id = old.live_revision_id;
            if tg_op <> 'DELETE' then
                select hash into after_hash from cloudgpus.content_revisions where id = new.live_revision_id;
                detail := jsonb_build_object('is_published', new.is_published, 'slug', new.slug, 'old_slug', old.slug);
            end if;
    end case;

    insert into cloudgpus.audit_log (at, actor, action, object, before_hash, after_hash, detail)
    values (
        moment,
        who,
        case tg_table_name
            when 'content_reviews' then to_jsonb(new) ->> 'action'
            when 'content_revisions' then 'revision'
            when 'slug_history' then 'slug'
            when 'editors' then 'editor ' || lower(tg_op)
            else 'page ' || lower(tg_op)
        end,
        what,
        before_hash,
        after_hash,
        detail
    );
    return null;
end $$;

comment on function cloudgpus.note_desk() is 'Write the audit row of a change of the desk''s tables';
