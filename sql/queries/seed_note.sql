-- Note which seeds the database has in a table's comment, so that the next run has one row to read.
-- params: none
-- row: none
do $$
begin
    execute 'comment on table reference_history is ' || quote_literal(
        regexp_replace(coalesce(obj_description('reference_history'::regclass, 'pg_class'), ''), ' \(seeds .*\)$', '')
        || ' (' || current_setting('cloudgpus.seed_note') || ')'
    );
end $$;
