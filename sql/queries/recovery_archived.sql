-- Whether a WAL file has been archived, and what is wrong where archiving fails.
-- params: file (text)
-- row: _Archived
select
    coalesce(last_archived_wal >= %(file)s, false) as is_archived,
    case when last_failed_time > coalesce(last_archived_time, '-infinity') then last_failed_wal end as failed
from pg_stat_archiver;
