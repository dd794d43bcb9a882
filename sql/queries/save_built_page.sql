-- Save what a page was built from and became; gate_since moves only with gate_state.
-- params: path (text), page_type (text), gate_state (text), gate_reasons (text[]), inputs (jsonb), code_version (text), content_hash (text), files (jsonb), last_modified (timestamptz), as_of (timestamptz)
-- row: none
insert into built_pages as b (
    path,
    page_type,
    gate_state,
    gate_reasons,
    gate_since,
    inputs,
    code_version,
    content_hash,
    files,
    last_modified,
    first_built_at
)
values (
    %(path)s,
    %(page_type)s,
    %(gate_state)s,
    %(gate_reasons)s::text[],
    %(as_of)s,
    %(inputs)s::jsonb,
    %(code_version)s,
    %(content_hash)s,
    %(files)s::jsonb,
    %(last_modified)s,
    %(as_of)s
)
on conflict (path) do update
set
    page_type = excluded.page_type,
    gate_state = excluded.gate_state,
    gate_reasons = excluded.gate_reasons,
    gate_since = case when b.gate_state = excluded.gate_state then b.gate_since else excluded.gate_since end,
    inputs = excluded.inputs,
    code_version = excluded.code_version,
    content_hash = excluded.content_hash,
    files = excluded.files,
    last_modified = excluded.last_modified;
