-- Who else is connected to this server.
-- params: none
-- row: _Session (pid)
select pid
from pg_stat_activity
where backend_type = 'client backend'
  and pid <> pg_backend_pid();
