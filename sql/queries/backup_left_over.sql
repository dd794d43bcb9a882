-- Scratch databases that killed backups of this database left behind: those whose session is gone.
-- params: prefix (text)
-- row: _Database (name: the prefix and the session's process)
select scratch.datname as name
from pg_database as scratch
where starts_with(scratch.datname, %(prefix)s)
  and not exists (
      select
      from pg_stat_activity as session
      where session.pid::text = substr(scratch.datname, length(%(prefix)s) + 1)
  )
order by scratch.datname;
