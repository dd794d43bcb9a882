-- A row for the page of a draft, where it has none yet; it is not published.
-- params: slug (text), page_type (text), title (text)
-- row: none
insert into content_pages (slug, page_type, title)
values (%(slug)s, %(page_type)s, %(title)s)
on conflict (slug) do nothing;
