-- Take a page of reviewed prose off the site.
-- params: slug (text)
-- row: none
update content_pages
set is_published = false
where slug = %(slug)s
  and is_published;
