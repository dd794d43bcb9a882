-- The indexable pages of these types, as sitemaps list them.
-- params: page_types (text[])
-- row: Entry
select path, page_type, last_modified
from built_pages
where gate_state = 'indexable'
    and page_type = any(%(page_types)s)
order by page_type, path collate "C";
