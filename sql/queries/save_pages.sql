-- Save the records of staged_pages; gate_since moves only with gate_state. The build that saves them is that of this transaction.
-- params: none
-- row: none
insert into cloudgpus.built_pages as kept (
    path, page_type, key, number, gate_state, gate_reasons, gate_found, gate_found_since, gate_found_times, gate_found_at,
    was_indexable, gate_since, reads, content_hash, model_hash, files, last_modified, first_built_at, looked_at, made_at, changed_at
)
select
    path, page_type, key, number, gate_state, gate_reasons, gate_found, gate_found_since, gate_found_times, gate_found_at,
    was_indexable, gate_since, reads, content_hash, model_hash, files, last_modified, first_built_at,
    transaction_timestamp(),
    case when is_made then transaction_timestamp() end,
    case when is_changed then transaction_timestamp() end
from pg_temp.staged_pages
on conflict (path) do update
set
    page_type = excluded.page_type,
    key = excluded.key,
    number = excluded.number,
    gate_state = excluded.gate_state,
    gate_reasons = excluded.gate_reasons,
    gate_found = excluded.gate_found,
    gate_found_since = excluded.gate_found_since,
    gate_found_times = excluded.gate_found_times,
    gate_found_at = excluded.gate_found_at,
    was_indexable = excluded.was_indexable,
    gate_since = case when kept.gate_state = excluded.gate_state then kept.gate_since else excluded.gate_since end,
    reads = excluded.reads,
    content_hash = excluded.content_hash,
    model_hash = excluded.model_hash,
    files = excluded.files,
    last_modified = excluded.last_modified,
    looked_at = excluded.looked_at,
    made_at = coalesce(excluded.made_at, kept.made_at),
    changed_at = coalesce(excluded.changed_at, kept.changed_at);
