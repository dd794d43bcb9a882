-- Whether the server still replays its log.
-- params: none
-- row: _Recovery
select pg_is_in_recovery() as is_recovering;
