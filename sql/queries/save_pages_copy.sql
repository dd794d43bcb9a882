-- The records of the pages that a build has made.
-- params: none
-- row: none
copy pg_temp.staged_pages (
    path, page_type, key, number, gate_state, gate_reasons, gate_found, gate_found_since, gate_found_times,
    gate_found_at, was_indexable, gate_since, reads, content_hash, model_hash, files,
    last_modified, first_built_at, is_made, is_changed
) from stdin;
