-- The pages whose gate says otherwise than their rules, and were not yet looked at as of this instant.
-- params: as_of (timestamptz)
-- row: WaitingPage
select number
from built_pages
where gate_found <> gate_state
    and gate_found_at <> %(as_of)s
    and number is not null
order by number;
