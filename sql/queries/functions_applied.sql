-- The functions that build.py applied here, each with the hash of its file.
-- params: none
-- row: _Applied (name, checksum)
select
    name,
    checksum
from cloudgpus.schema_functions
order by name;
