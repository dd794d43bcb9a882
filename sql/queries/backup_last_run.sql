-- The newest run of this database.
-- params: none
-- row: LastRun
select id, started_at
from cloudgpus.runs
order by id desc
limit 1;
