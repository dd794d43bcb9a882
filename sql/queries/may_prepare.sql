-- Whether this login brings the database in line with the checkout: an editor's reads the seeds, and writes none.
-- params: none
-- row: _MayPrepare
select has_table_privilege(current_user, 'gpu_aliases', 'insert') as may;
