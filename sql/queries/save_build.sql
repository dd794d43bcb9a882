-- Note a finished build, and the token that is in its output folder.
-- params: as_of (timestamptz), generation (uuid), output_dir (text), site_url (text), pages (integer), revision (bigint), code (jsonb), is_same_for (text), report (jsonb)
-- row: none
insert into builds (
    as_of, generation, output_dir, site_url, pages, revision, code, is_same_for, report, audit_head, started_at,
    completed_at
)
values (
    %(as_of)s,
    %(generation)s,
    %(output_dir)s,
    %(site_url)s,
    %(pages)s,
    %(revision)s,
    %(code)s::jsonb,
    %(is_same_for)s,
    %(report)s::jsonb,
    (select this_hash from audit_log order by seq desc limit 1),
    transaction_timestamp(),
    clock_timestamp()
);
