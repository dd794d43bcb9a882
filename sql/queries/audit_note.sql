-- Write a row of the audit log about something that changes none of the desk's tables: a login, a decision on a price.
-- params: at (timestamptz), actor (text), action (text), object (text), detail (jsonb)
-- row: _Noted
insert into audit_log (
    at,
    actor,
    action,
    object,
    detail
)
values (
    %(at)s,
    %(actor)s,
    %(action)s,
    %(object)s,
    %(detail)s
)
returning seq;
