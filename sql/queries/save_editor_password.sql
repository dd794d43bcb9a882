-- Change an active editor's password.
-- params: editor (text), password_hash (text)
-- row: none
update editors
set password_hash = %(password_hash)s
where name = %(editor)s
  and is_active;
