-- The number of the newest audit row; 0 for none.
-- params: none
-- row: _Seq
select coalesce(max(seq), 0) as seq from audit_log;
