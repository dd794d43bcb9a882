-- Let an editor do nothing any more; the name stays on what was done.
-- params: editor (text)
-- row: none
update editors
set
    is_active = false,
    password_hash = null
where name = %(editor)s
  and is_active;
