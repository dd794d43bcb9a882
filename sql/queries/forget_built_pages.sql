-- Delete the records of pages that are no longer part of the site; the addresses of those that search engines could list
-- are kept, so that they redirect, until there is a page again.
-- params: paths (text[])
-- row: none
with gone as (
    delete from built_pages
    where path = any(%(paths)s::text[])
    returning path, page_type, was_indexable
),

back as (
    delete from former_pages
    where path in (select path from pg_temp.staged_pages)
)

insert into former_pages (path, page_type)
select path, page_type
from gone
where was_indexable
on conflict (path) do nothing;
