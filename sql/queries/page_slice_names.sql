-- The names of slices that pages have read.
-- params: numbers (integer[])
-- row: SliceName
select name
from page_slices
where number = any(%(numbers)s);
