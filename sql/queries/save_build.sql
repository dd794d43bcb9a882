-- Note a finished build and the token that is in its output folder.
-- params: as_of (timestamptz), generation (uuid), output_dir (text), site_url (text), code_version (text), pages (integer)
-- row: none
insert into builds (as_of, generation, output_dir, site_url, code_version, pages, started_at, completed_at)
values (
    %(as_of)s,
    %(generation)s,
    %(output_dir)s,
    %(site_url)s,
    %(code_version)s,
    %(pages)s,
    transaction_timestamp(),
    clock_timestamp()
);
