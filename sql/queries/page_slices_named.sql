-- Slices that pages have read, by name or number; one that is asked for both ways comes twice.
-- params: names (text[]), numbers (integer[])
-- row: PageSlice
select number, name, version, reads, readers
from page_slices
where name = any(%(names)s)
union all
select number, name, version, reads, readers
from page_slices
where number = any(%(numbers)s);
