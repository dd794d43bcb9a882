create or replace function cloudgpus.content_checks(page uuid, draft text) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select checks
    from (
        select review.checks, review.at, review.id
        from cloudgpus.content_reviews as review
        inner join cloudgpus.content_revisions as revision on revision.id = review.revision_id
        where review.page_id = page
            and revision.hash = draft
            and review.checks is not null
        union all
        select checks, created_at, 0
        from cloudgpus.content_revisions
        where page_id = page
            and hash = draft
            and checks is not null
    ) as read
    order by at desc, id desc
    limit 1
$$;

comment on function cloudgpus.content_checks(uuid, text) is
    'What the checks found when a page''s text of this hash was last read; null where it never was';
