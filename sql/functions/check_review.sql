-- What the desk's rules say, for whoever inserts a review, by hand too.  The transitions are those of docs/editors.md.
create or replace function cloudgpus.check_review() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    page record;
    revision record;
    newest record;
    live record;
    was text;
    who text;
    is_ci boolean := new.actor in ('ci', 'build');
    -- Where nobody is registered yet, whoever has the database acts as an editor, but approves nothing.
    is_alone boolean := not exists (select from cloudgpus.editors where is_active);
    checks jsonb;
begin
    select id, slug, live_revision_id into page from cloudgpus.content_pages where id = new.page_id for update;
    select * into revision from cloudgpus.content_revisions where id = new.revision_id and page_id = new.page_id;
    if revision is null then
        raise exception '%: the revision is of another page', page.slug;
    end if;
    select number, author into newest
    from cloudgpus.content_revisions where page_id = page.id order by number desc limit 1;
    select * into live from cloudgpus.content_revisions where id = page.live_revision_id;
    was := cloudgpus.content_state(revision.id);

    new.state := case
        when new.action = 'draft' and was is null then 'draft'
        when new.action = 'submit' and was in ('draft', 'unpublished') then 'in_review'
        when new.action = 'approve' and was = 'in_review' then 'approved'
        when new.action = 'approve' and new.is_signed and was in ('draft', 'rejected', 'unpublished') then 'approved'
        when new.action = 'request_changes' and was = 'in_review' then 'draft'
        when new.action = 'reject' and was = 'in_review' then 'rejected'
        when new.action = 'schedule' and was in ('approved', 'scheduled') then 'scheduled'
        when new.action = 'publish' and was in ('approved', 'scheduled') then 'published'
        when new.action in ('minor', 'rollback') and was = 'draft' then 'published'
        when new.action = 'mark_stale' and was in ('published', 'stale')
            then case when new.reasons = '{}' then 'published' else 'stale' end
        when new.action = 'unpublish' and was in ('published', 'stale', 'scheduled') then 'unpublished'
        when new.action = 'archive' and was = 'unpublished' then 'archived'
    end;
    if new.state is null and new.action not in ('take', 'comment', 'check') then
        raise exception '% is %: % is not possible from there', page.slug, coalesce(was, 'new'), replace(new.action, '_', ' ');
    end if;

    -- Who.
    select role into who from cloudgpus.editors where name = new.actor and is_active;
    if new.is_signed then
        if new.action <> 'approve' or new.actor !~ '\S' or new.text_hash is distinct from revision.text_hash then
            raise exception '%: what was signed (%) is not this text (%)', page.slug, new.text_hash, revision.text_hash;
        end if;
    elsif new.action in ('approve', 'request_changes', 'reject') then
        if who is null or who not in ('reviewer', 'admin') then
            raise exception '%: "%" may not %: expected an active reviewer, found %',
                page.slug, new.actor, replace(new.action, '_', ' '), coalesce('an ' || who, 'nobody of that name');
        end if;
    elsif who is null and not is_alone and not (
        is_ci and new.action in ('draft', 'submit', 'check', 'mark_stale', 'publish', 'schedule')
    ) and not (new.action = 'draft' and revision.is_from_file) then
        raise exception '%: "%" may not %: expected an active editor', page.slug, new.actor, replace(new.action, '_', ' ');
    end if;

    -- On which revision.
    if new.action in ('submit', 'approve', 'request_changes', 'reject', 'schedule', 'publish', 'minor', 'rollback')
        and revision.number <> newest.number
    then
        raise exception '%: revision % is not the newest: % by % is newer',
            page.slug, revision.number, newest.number, newest.author;
    end if;
    if (new.action = 'mark_stale' or (new.action = 'unpublish' and was <> 'scheduled'))
        and revision.id is distinct from live.id
    then
        raise exception '%: revision % is not live', page.slug, revision.number;
    end if;

    -- With what.
    checks := coalesce(new.checks, cloudgpus.content_checks(page.id, revision.hash));
    if new.action = 'submit' and checks is null then
        raise exception '%: revision % was not checked', page.slug, revision.number;
    end if;
    if (new.action in ('minor', 'rollback') or (new.action = 'approve' and not new.is_signed)) and (
        checks is null or checks @? '$[*] ? (@.severity == "block")'
    ) then
        raise exception '%: revision % %; expected every blocking check to be green', page.slug, revision.number, coalesce(
            'breaks ' || (
                select string_agg(distinct one ->> 'rule', ', ')
                from jsonb_array_elements(checks) as one
                where one ->> 'severity' = 'block'
            ),
            'was not checked'
        );
    end if;
    if new.action = 'approve' and not new.is_signed
        and (select count(*) from cloudgpus.editors where is_active) > 1
        and new.actor = (
            select author
            from cloudgpus.content_revisions
            where page_id = page.id
                and kind = 'human'
                and number <= revision.number
                and number > coalesce(live.number, 0)
            order by number desc
            limit 1
        )
    then
        raise exception '%: % wrote it last; expected another reviewer to approve it', page.slug, new.actor;
    end if;
    if new.action in ('request_changes', 'reject') and (new.reason_code is null or new.comment !~ '\S') then
        raise exception '%: % without a reason; expected a code and a comment', page.slug, replace(new.action, '_', ' ');
    end if;
    if new.action = 'unpublish' and new.comment !~ '\S' then
        raise exception '%: unpublish without a reason; expected a comment', page.slug;
    end if;
    if new.action = 'schedule' and (new.scheduled_for is null or new.scheduled_for <= new.at) then
        raise exception '%: scheduled for %; expected a time to come', page.slug, coalesce(new.scheduled_for::text, 'no time');
    end if;
    if is_ci and new.action = 'schedule' and not exists (
        select from cloudgpus.content_reviews where revision_id = revision.id and action = 'approve' and is_signed
    ) then
        raise exception '%: % schedules nothing but what was signed in a file', page.slug, new.actor;
    end if;
    if is_ci and new.action = 'publish' and was = 'scheduled' and new.at < (
        select scheduled_for
        from cloudgpus.content_reviews
        where revision_id = revision.id and action = 'schedule'
        order by id desc
        limit 1
    ) then
        raise exception '%: its time has not come', page.slug;
    end if;
    if new.action = 'publish' and not new.is_over_live and cloudgpus.content_is_moved(page.id, revision.id) then
        raise exception '%: the live text moved to revision % by % since revision % was begun; expected a draft made from it',
            page.slug, live.number, live.author, revision.number;
    end if;
    if new.action = 'minor' and not (
        revision.is_minor
        and coalesce(revision.structured_data = live.structured_data and revision.front = live.front, false)
        and cloudgpus.is_minor_edit(
            concat_ws(E'\n', live.title, live.description, live.markdown),
            concat_ws(E'\n', revision.title, revision.description, revision.markdown)
        )
    ) then
        raise exception '%: revision % is no minor edit of what is live; expected at most 200 characters to differ, and no '
            'binding, claim or other field', page.slug, revision.number;
    end if;
    if new.action = 'rollback' and not exists (
        select
        from cloudgpus.content_reviews as approval
        inner join cloudgpus.content_revisions as approved on approved.id = approval.revision_id
        where approval.page_id = page.id
            and approval.action = 'approve'
            and approved.hash = revision.hash
    ) then
        raise exception '%: nobody approved a text of the hash %', page.slug, left(revision.hash, 12);
    end if;
    return new;
end $$;

comment on function cloudgpus.check_review() is
    'Refuse a review that the rules don''t allow: its transition, who acts, on which revision, and with which checks; and set the state';
