-- Delete the records of pages that are no longer part of the site.
-- params: paths (text[])
-- row: none
delete from built_pages
where path = any(%(paths)s::text[]);
