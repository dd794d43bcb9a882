-- A table for the slices that a build has read anew.
-- params: none
-- row: none
create temporary table pg_temp.staged_slices (like cloudgpus.page_slices) on commit drop;
