-- Has the log so far archived, and names its last file.
-- params: none
-- row: _LogFile (name)
select pg_walfile_name(pg_switch_wal()) as name;
