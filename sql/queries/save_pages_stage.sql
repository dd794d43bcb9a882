-- A table for the records of the pages that a build has looked at: whether each was made, and came out as other bytes.
-- params: none
-- row: none
create temporary table pg_temp.staged_pages (
    like cloudgpus.built_pages,
    is_made boolean not null,
    is_changed boolean not null
) on commit drop;
