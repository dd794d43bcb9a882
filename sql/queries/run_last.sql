-- The instant that covers what is stored; none before a run has ended, and while no price was ever stored.
-- params: none
-- row: _LastRun (as_of)
select as_of
from last_as_of() as as_of
where as_of is not null;
