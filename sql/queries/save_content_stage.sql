-- A table for the texts of the pages that a build has made.
-- params: none
-- row: none
create temporary table pg_temp.staged_content (like cloudgpus.content_pages) on commit drop;
