-- The methodology as it could be read last; no row before.
-- params: none
-- row: Methodology
select front_matter ->> 'text' as text
from content_pages
where slug = 'methodology'
  and front_matter ? 'text';
