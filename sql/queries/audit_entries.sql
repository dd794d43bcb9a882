-- The audit log, or what it says of one page or editor, oldest first.
-- params: target (text; null: all)
-- row: Entry
select
    seq,
    at,
    actor,
    action,
    object,
    before_hash,
    after_hash,
    detail,
    prev_hash,
    this_hash
from audit_log
where %(target)s::text is null
   or object = %(target)s::text
   or object like replace(replace(%(target)s::text, '_', '\_'), '%%', '\%%') || '@%%'
order by seq;
