-- Make a table for the names of the tables whose rows are restored; psql runs it.
-- params: none
-- row: none
create temporary table if not exists restore_tables (name text primary key) on commit drop;
