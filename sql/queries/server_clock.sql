-- What the server's clock says.
-- params: none
-- row: ServerClock
select clock_timestamp() as now;
