-- What the pages of a build have read.
-- params: none
-- row: none
copy cloudgpus.page_slices (number, name, version, reads, readers) from stdin;
