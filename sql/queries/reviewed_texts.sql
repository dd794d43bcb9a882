-- The reviewed texts, live ones and drafts, as last imported or published.
-- params: page_types (text[])
-- row: StoredText
select
    slug,
    page_type,
    title,
    meta_description,
    content_markdown,
    front_matter,
    is_published
from content_pages
where page_type = any(%(page_types)s::text[])
order by slug;
