-- How many pages there are, by type and gate state.
-- params: none
-- row: PageCount
select page_type, gate_state, count(*)::integer as pages_n
from built_pages
group by page_type, gate_state
order by page_type, gate_state;
