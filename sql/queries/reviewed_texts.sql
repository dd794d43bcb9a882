-- The reviewed texts, live ones and drafts, and when a scheduled one goes live.
-- params: page_types (text[])
-- row: StoredText
select
    page.slug,
    page.page_type,
    page.title,
    page.meta_description,
    page.content_markdown,
    page.front_matter,
    page.is_published,
    page.imported_hash,
    state.scheduled_for
from content_pages as page
left join content_states as state on state.page_id = page.id
where page.page_type = any(%(page_types)s::text[])
order by page.slug;
