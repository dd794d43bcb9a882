-- Begins a backup, one at a time in a database, and names the snapshot to dump.
-- params: none
-- row: _Snapshot (id: null while another backup of this database runs; database: its oid)
select
    case when pg_try_advisory_xact_lock(hashtextextended('cloudgpus.backup', 0)) then pg_export_snapshot() end as id,
    (select oid::bigint from pg_database where datname = current_database()) as database,
    current_setting('server_version') as server;
