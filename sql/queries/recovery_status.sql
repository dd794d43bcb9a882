-- Whether the server is still replaying its WAL.
-- params: none
-- row: _Recovery
select pg_is_in_recovery() as is_recovering;
