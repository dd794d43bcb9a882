-- Every row of content: what it is, and whether it is live.
-- params: page_type (text, null for all)
-- row: ContentState
select
    slug,
    page_type,
    title,
    coalesce(generation_model, 'human') as written_by,
    is_published,
    published_at,
    updated_at
from content_pages
where page_type = coalesce(%(page_type)s::text, page_type)
order by page_type, slug;
