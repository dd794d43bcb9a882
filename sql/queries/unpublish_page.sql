-- Take a page of reviewed prose off the site, also one that waits for its publication day.
-- params: slug (text)
-- row: none
update content_pages
set
    is_published = false,
    front_matter = front_matter - 'waits'
where slug = %(slug)s
  and (is_published or front_matter ? 'waits');
