-- How many of a run's offers are new, changed, and as they were; how many of these were unwatched, how many belong to
-- history only.
-- params: none
-- row: _Counts (created, updated, unchanged, unwatched, past)
select
    count(*) filter (where standing = 'new') as created,
    count(*) filter (where standing = 'changed' and not is_past) as updated,
    count(*) filter (where standing <> 'new' and (standing <> 'changed' or is_past)) as unchanged,
    count(*) filter (where is_unwatched) as unwatched,
    count(*) filter (where is_past) as past
from incoming_offers;
