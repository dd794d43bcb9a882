-- The server's time, to recover to.
-- params: none
-- row: _Clock
select clock_timestamp() as now;
