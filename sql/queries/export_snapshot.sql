-- The name under which another transaction can read the same state of the database.
-- params: none
-- row: _Exported
select pg_export_snapshot() as id;
