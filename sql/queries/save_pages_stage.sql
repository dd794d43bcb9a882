-- A table for the records of the pages that a build has made.
-- params: none
-- row: none
create temporary table pg_temp.staged_pages (like cloudgpus.built_pages) on commit drop;
