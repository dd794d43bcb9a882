-- Add an editor, or change the role and names of one, who is active from then on; a password stays where none is given.
-- params: editor (text), role (text), public_name (text), profile_url (text), password_hash (text; null: as before)
-- row: none
insert into editors as kept (name, role, public_name, profile_url, password_hash)
values (%(editor)s, %(role)s, %(public_name)s, %(profile_url)s, %(password_hash)s::text)
on conflict (name) do update
set
    role = excluded.role,
    public_name = excluded.public_name,
    profile_url = excluded.profile_url,
    password_hash = coalesce(excluded.password_hash, kept.password_hash),
    is_active = true;
