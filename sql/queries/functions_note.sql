-- Note the checksum of a function that was just applied.
-- params: function (text), checksum (text)
-- row: none
insert into cloudgpus.schema_functions (name, checksum)
values (%(function)s, %(checksum)s)
on conflict (name) do update
set
    checksum = excluded.checksum,
    applied_at = excluded.applied_at;
