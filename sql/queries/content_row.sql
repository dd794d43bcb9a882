-- One row of content with its text.
-- params: slug (text)
-- row: ContentRow
select
    slug,
    page_type,
    title,
    meta_description,
    canonical_url,
    content_markdown,
    coalesce(generation_model, 'human') as written_by,
    is_published,
    published_at
from content_pages
where slug = %(slug)s;
