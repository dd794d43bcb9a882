create or replace function cloudgpus.record_signed_approval(
    page text, file text, reviewer text, reviewed_on date, reviewed_text text, signed_in text, moment timestamptz
) returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    newest record;
    recorded bigint;
begin
    select revision.id, revision.page_id, revision.is_from_file, one.imported_hash into newest
    from cloudgpus.content_pages as one
    inner join cloudgpus.content_revisions as revision on revision.page_id = one.id
    where one.slug = page
    order by revision.number desc
    limit 1;

    if newest is null or not newest.is_from_file then
        raise exception '%: the newest text is not from a file, so that no file can approve it', page;
    end if;
    if newest.imported_hash = file then
        raise exception '%: its file has not changed, so that it approves nothing', page;
    end if;
    insert into cloudgpus.content_reviews (
        page_id, revision_id, action, actor, at, is_signed, signed_on, text_hash, commit
    )
    values (newest.page_id, newest.id, 'approve', reviewer, moment, true, reviewed_on, reviewed_text, signed_in)
    returning id into recorded;
    update cloudgpus.content_pages set imported_hash = file where id = newest.page_id;
    return recorded;
end $$;

comment on function cloudgpus.record_signed_approval(text, text, text, date, text, text, timestamptz) is
    'Record that a file which changed (its hash: file) says who reviewed its text: the only approval that CI records';
