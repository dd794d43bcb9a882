-- Note that a run has ended.
-- params: run_id (bigint)
-- row: none
update cloudgpus.runs
set completed_at = clock_timestamp()
where id = %(run_id)s;
