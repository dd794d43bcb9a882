-- Scratch databases that a killed backup of this database left.
-- params: prefix (text)
-- row: _Database (name)
select datname as name
from pg_database
where starts_with(datname, %(prefix)s)
  and not exists (select from pg_stat_activity as session where session.datname = pg_database.datname)
order by datname;
