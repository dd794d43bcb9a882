-- The licensed sources of earlier readings, with what must be said of them.
-- params: none
-- row: ReferenceSourceRow
select
    slug,
    name,
    url,
    licence,
    attribution
from reference_sources
order by slug;
