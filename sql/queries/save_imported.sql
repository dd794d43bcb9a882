-- Note of which file a page's text was last imported.
-- params: slug (text), file_hash (text)
-- row: none
update content_pages
set imported_hash = %(file_hash)s
where slug = %(slug)s
  and imported_hash is distinct from %(file_hash)s;
