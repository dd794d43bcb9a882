-- Write the sources of price readings; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into reference_sources as known (
    id,
    slug,
    name,
    url,
    licence,
    attribution,
    cadence
)
select
    seed.id,
    seed.slug,
    seed.name,
    seed.url,
    seed.licence,
    seed.attribution,
    seed.cadence
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    id smallint,
    slug text,
    name text,
    url text,
    licence text,
    attribution text,
    cadence interval
)
on conflict (id) do update set
    slug = excluded.slug,
    name = excluded.name,
    url = excluded.url,
    licence = excluded.licence,
    attribution = excluded.attribution,
    cadence = excluded.cadence
where (
    known.slug,
    known.name,
    known.url,
    known.licence,
    known.attribution,
    known.cadence
) is distinct from (
    excluded.slug,
    excluded.name,
    excluded.url,
    excluded.licence,
    excluded.attribution,
    excluded.cadence
);
