-- The reviewed words of pages that have words of their own, as published, with who approved them.
-- params: page_types (text[]: those whose pages are all text)
-- row:    StoredProse
select
    page.slug,
    revision.title,
    revision.description,
    revision.markdown,
    revision.structured_data,
    revision.author,
    coalesce(nullif(editor.public_name, ''), approval.actor, '') as reviewed_by,
    approval.at as reviewed_at
from content_pages as page
inner join content_revisions as revision on revision.id = page.live_revision_id
left join lateral (
    select
        actor,
        at
    from content_reviews
    where page_id = page.id
        and action in ('approve', 'minor', 'rollback')
        and revision_id in (select id from content_revisions where page_id = page.id and hash = revision.hash)
    order by content_reviews.id desc
    limit 1
) as approval on true
left join editors as editor on editor.name = approval.actor
where page.is_published
    and page.page_type <> all(%(page_types)s)
order by page.slug;
