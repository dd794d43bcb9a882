-- Forget all that pages have read, before a build that has made every page notes it again.
-- params: none
-- row: none
truncate cloudgpus.page_slices;
