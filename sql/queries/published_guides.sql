-- The guides that are live, as they were published.
-- params: none
-- row: GuideRow
select
    slug,
    title,
    meta_description,
    content_markdown,
    front_matter
from content_pages
where page_type = 'guide'
  and is_published
order by slug;
