-- Write providers' terms; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into provider_terms as known (
    provider_id,
    field,
    qualifier,
    value,
    word,
    unit,
    currency,
    note,
    source_url,
    checked_on
)
select
    providers.id,
    seed.field,
    seed.qualifier,
    seed.value,
    seed.word,
    seed.unit,
    seed.currency,
    seed.note,
    seed.source_url,
    seed.checked_on
from jsonb_to_recordset(%(rows)s::jsonb) as seed (
    provider text,
    field provider_term_field,
    qualifier text,
    value numeric,
    word text,
    unit text,
    currency text,
    note text,
    source_url text,
    checked_on date
)
join providers on providers.slug = seed.provider
on conflict (provider_id, field, qualifier) do update set
    value = excluded.value,
    word = excluded.word,
    unit = excluded.unit,
    currency = excluded.currency,
    note = excluded.note,
    source_url = excluded.source_url,
    checked_on = excluded.checked_on
where (
    known.value,
    known.word,
    known.unit,
    known.currency,
    known.note,
    known.source_url,
    known.checked_on
) is distinct from (
    excluded.value,
    excluded.word,
    excluded.unit,
    excluded.currency,
    excluded.note,
    excluded.source_url,
    excluded.checked_on
);
