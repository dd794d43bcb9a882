-- The instant of the last run that came to its end.
-- params: none
-- row: _LastRun (as_of)
select as_of
from cloudgpus.runs
where completed_at is not null
order by id desc
limit 1;
