-- Whether the user may create databases, and this database's encoding.
-- params: none
-- row: _MayScratch
select
    role.rolcreatedb or role.rolsuper as may,
    pg_encoding_to_char(base.encoding)::text as encoding
from pg_roles as role
cross join pg_database as base
where role.rolname = current_user
  and base.datname = current_database();
