-- The recorded slices of a view.
-- params: view (text)
-- row: PageSlice
select number, name, version, reads, readers
from page_slices
where starts_with(name, %(view)s || ':');
