-- The last row of the audit log as builds recorded it, newest build first.
-- params: none
-- row: _Head
select
    audit_head as this_hash,
    completed_at as at
from builds
where audit_head is not null
order by id desc;
