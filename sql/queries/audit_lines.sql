-- What each row's hash in the audit log covers, oldest first.
-- params: none
-- row: _Line
select
    seq,
    audit_line(seq, at, actor, action, object, before_hash, after_hash, detail) as line,
    prev_hash,
    this_hash
from audit_log
order by seq;
