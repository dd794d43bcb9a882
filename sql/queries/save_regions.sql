-- Write regions of providers; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into provider_regions as known (
    provider_id,
    region,
    name,
    country,
    continent,
    source_url,
    checked_on
)
select
    providers.id,
    given.region,
    given.name,
    given.country,
    given.continent,
    given.source_url,
    given.checked_on
from jsonb_to_recordset(%(rows)s::jsonb) as given (
    provider text,
    region text,
    name text,
    country text,
    continent text,
    source_url text,
    checked_on date
)
join providers on providers.slug = given.provider
on conflict (provider_id, region) do update set
    name = excluded.name,
    country = excluded.country,
    continent = excluded.continent,
    source_url = excluded.source_url,
    checked_on = excluded.checked_on,
    is_active = true
where (
    known.name,
    known.country,
    known.continent,
    known.source_url,
    known.checked_on,
    known.is_active
) is distinct from (
    excluded.name,
    excluded.country,
    excluded.continent,
    excluded.source_url,
    excluded.checked_on,
    true
);
