-- The slices that a build has read anew.
-- params: none
-- row: none
copy pg_temp.staged_slices (number, name, version, reads, readers) from stdin;
