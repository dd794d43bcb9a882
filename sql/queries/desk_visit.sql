-- Write the row of the audit log about a login or a logout.
-- params: actor (text), action (text: login or logout), at (timestamptz)
-- row: none
select record_visit(%(actor)s, %(action)s, %(at)s);
