-- The methodology when it last could be read; no row if it never could.
-- params: none
-- row: Methodology
select front_matter ->> 'text' as text
from content_pages
where slug = 'methodology'
  and front_matter ? 'text';
