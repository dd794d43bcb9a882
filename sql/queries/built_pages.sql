-- Pages' records from the last build: those of these numbers or page types, or all.
-- params: numbers (integer[]; null for all), page_types (text[]; null for all), with_reads (boolean)
-- row: PageRecord
select
    path,
    page_type,
    key,
    number,
    gate_state,
    gate_reasons,
    gate_found,
    gate_found_since,
    gate_found_times,
    gate_found_at,
    was_indexable,
    case when %(with_reads)s then reads else '{}' end as reads,
    content_hash,
    model_hash,
    files,
    last_modified
from built_pages
where (%(numbers)s::integer[] is null or number = any(%(numbers)s))
    and (%(page_types)s::text[] is null or page_type = any(%(page_types)s))
order by path;
