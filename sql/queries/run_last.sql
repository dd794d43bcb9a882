-- The instant of the last run that came to its end; none while no price was ever stored.
-- params: none
-- row: _LastRun (as_of)
select as_of
from cloudgpus.runs
where completed_at is not null
  and exists (select from cloudgpus.instances)
order by id desc
limit 1;
