-- The guides, live ones and drafts, as last imported or published.
-- params: none
-- row: GuideRow
select
    slug,
    title,
    meta_description,
    content_markdown,
    front_matter,
    is_published
from content_pages
where page_type = 'guide'
order by slug;
