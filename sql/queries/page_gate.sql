-- What a page says to search engines, and what its rules said in the last build.
-- params: path (text)
-- row: GateChange
select
    path,
    page_type,
    gate_state,
    gate_found,
    gate_reasons,
    gate_found_since,
    gate_found_times
from built_pages
where path = %(path)s;
