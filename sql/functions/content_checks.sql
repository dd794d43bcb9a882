create or replace function cloudgpus.content_checks(page uuid, draft text) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    -- In the order in which they were stored, whatever times were stated; a revision's own as of its first review.
    select coalesce(review.checks, revision.checks)
    from cloudgpus.content_reviews as review
    inner join cloudgpus.content_revisions as revision on revision.id = review.revision_id
    where review.page_id = page
        and revision.hash = draft
        and (review.checks is not null or (review.action = 'draft' and revision.checks is not null))
    order by review.id desc
    limit 1
$$;

comment on function cloudgpus.content_checks(uuid, text) is
    'What the checks found when a page''s text of this hash was last read; null where it never was';
