-- Pages whose rules say something else of them to search engines than the pages do: they follow with patience.
-- params: none
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
where gate_found <> gate_state
order by gate_found_since, path;
