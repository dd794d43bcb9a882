-- Every page's path.
-- params: none
-- row: PagePath
select path
from built_pages
order by path;
