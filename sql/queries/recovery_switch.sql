-- Have the WAL so far archived; the name of its last file.
-- params: none
-- row: _LogFile (name)
select pg_walfile_name(pg_switch_wal()) as name;
