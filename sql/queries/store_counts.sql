-- How many of a run's offers were new, changed, and as they were.
-- params: none
-- row: _Counts (created, updated, unchanged)
select
    count(*) filter (where standing = 'new') as created,
    count(*) filter (where standing = 'changed' and not is_past) as updated,
    count(*) filter (where standing <> 'new' and (standing <> 'changed' or is_past)) as unchanged
from incoming_offers;
