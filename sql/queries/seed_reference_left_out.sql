-- Write how many readings of each source are left out by which rule; rows that would not change are left alone.
-- params: rows (jsonb)
-- row: none
insert into reference_left_out as known (source_id, rule, readings_n)
select
    reference_sources.id,
    seed.rule,
    seed.readings_n
from jsonb_to_recordset(%(rows)s::jsonb) as seed (source text, rule text, readings_n integer)
join reference_sources on reference_sources.slug = seed.source
on conflict (source_id, rule) do update set readings_n = excluded.readings_n
where known.readings_n <> excluded.readings_n;
