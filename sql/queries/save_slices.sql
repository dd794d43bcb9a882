-- Save the slices of staged_slices, which replace those of the same number.
-- params: none
-- row: none
insert into cloudgpus.page_slices as kept (number, name, version, reads, readers)
select number, name, version, reads, readers
from pg_temp.staged_slices
on conflict (number) do update
set
    version = excluded.version,
    reads = excluded.reads,
    readers = excluded.readers;
