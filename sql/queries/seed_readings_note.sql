-- Note in the table's comment which seed it holds, so that the next run need not compare 20,000 rows.
-- params: none (seed_readings_noted says what)
-- row: none
do $$
begin
    execute 'comment on table reference_history is ' || quote_literal(
        regexp_replace(coalesce(obj_description('reference_history'::regclass, 'pg_class'), ''), ' \(seed .*\)$', '')
        || ' (' || current_setting('cloudgpus.seed_note') || ')'
    );
end $$;
