-- Write the prices that are disputed; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into disputed_prices as known (
    provider_id,
    instance_type,
    region,
    pricing_type,
    checked_on,
    source_url,
    note
)
select
    providers.id,
    seed.instance_type,
    seed.region,
    seed.pricing_type,
    seed.checked_on,
    seed.source_url,
    seed.note
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    provider text,
    instance_type text,
    region text,
    pricing_type text,
    checked_on date,
    source_url text,
    note text
)
inner join providers on providers.slug = seed.provider
on conflict (provider_id, instance_type, region, pricing_type) do update set
    checked_on = excluded.checked_on,
    source_url = excluded.source_url,
    note = excluded.note
where (known.checked_on, known.source_url, known.note) <> (excluded.checked_on, excluded.source_url, excluded.note);
