-- Who holds a lock that a session of ours waits for, the longest first; only members of the holder's role see since when.
-- params: application (text: the name of the session that waits)
-- row: _Holder (role, pid, application, since)
select distinct
    coalesce(holder.usename, 'another')::text as role,
    blocking.pid,
    coalesce(holder.application_name, '') as application,
    holder.xact_start at time zone 'UTC' as since
from pg_catalog.pg_stat_activity as waiting
cross join lateral unnest(pg_blocking_pids(waiting.pid)) as blocking (pid)
left join pg_catalog.pg_stat_activity as holder on holder.pid = blocking.pid
where waiting.application_name = %(application)s
  and waiting.usename = current_user
order by since nulls last, blocking.pid
limit 3;
