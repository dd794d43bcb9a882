-- Make a table for the foreign keys that are put back after the rows; psql runs it.
-- params: none
-- row: none
create temporary table if not exists restore_keys (relation text, name text, definition text) on commit drop;
