-- Delete the rules by which no reading is left out any more.
-- params: rows (jsonb)
-- row: none
delete from reference_left_out as known
where not exists (
    select
    from jsonb_to_recordset(%(rows)s::jsonb) as seed (source text, rule text)
    join reference_sources on reference_sources.slug = seed.source
    where reference_sources.id = known.source_id
      and seed.rule = known.rule
);
