-- The time by the server's clock.
-- params: none
-- row: ServerClock
select clock_timestamp() as now;
