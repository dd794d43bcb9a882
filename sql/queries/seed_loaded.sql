-- Which seeds the database has, by the note that seed_note left: "" where it has none.  They are not whole where rows
-- are missing, or where readings have no price basis.
-- params: none
-- row: Loaded
with note as (
    select coalesce(obj_description('reference_history'::regclass, 'pg_class'), '') as text
),

is_whole as (
    select
        substring(text from '([0-9]+) readings\)$')::bigint <= (select count(*) from reference_history)
        and exists (select from providers)
        and exists (select from provider_terms)
        and exists (select from provider_regions)
        and exists (select from reference_left_out)
        and not exists (select from reference_history where price_basis is null) as value
    from note
)

select
    coalesce(substring(note.text from 'seeds ([0-9a-f]{64})'), '') as seeds,
    coalesce(substring(note.text from 'readings ([0-9a-f]{64})'), '') as readings,
    coalesce(is_whole.value, false) as is_whole
from note, is_whole;
