-- The addresses that search engines could list and that no build makes any more.
-- params: none
-- row: FormerPage
select path, page_type
from former_pages
order by path;
