-- Every row of content: what it is, and whether it is live or waits for its publication day.
-- params: page_type (text; null: all)
-- row: ContentStatus
select
    slug,
    page_type,
    title,
    coalesce(generation_model, 'human') as written_by,
    is_published,
    case when front_matter ? 'waits' then (front_matter ->> 'published_on')::date end as waits_for,
    published_at,
    updated_at
from content_pages
where page_type = coalesce(%(page_type)s::text, page_type)
order by page_type, slug;
