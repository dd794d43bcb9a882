-- The snapshot to dump; exporting it begins the backup.
-- params: none
-- row: _Snapshot (database: its oid)
select
    pg_export_snapshot() as id,
    (select oid::bigint from pg_database where datname = current_database()) as database,
    current_setting('server_version') as server;
