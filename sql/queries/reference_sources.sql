-- The licensed sources of readings, with the attribution that they require.
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
