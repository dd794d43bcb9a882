-- Unpublish the rows of generated pages that are no longer part of the site.
-- params: slugs (text[])
-- row: none
update content_pages
set is_published = false
where slug = any(%(slugs)s::text[])
  and is_published
  and (generation_model = 'template' or page_type not in ('guide', 'workload'));
