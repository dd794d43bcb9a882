-- A row for the page of a draft, where it has none yet; it is not published.
-- params: slug (text), page_type (text), title (text)
-- row: none
select begin_page(%(slug)s, %(page_type)s, %(title)s);
