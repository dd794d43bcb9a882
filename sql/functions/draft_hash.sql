create or replace function cloudgpus.draft_hash(
    slug text, page_type text, title text, description text, markdown text, structured_data jsonb, front jsonb
) returns text
language sql
immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select encode(sha256(convert_to(cloudgpus.canonical_json(
        jsonb_build_array(slug, page_type, title, description, markdown, structured_data, front)
    ), 'UTF8')), 'hex')
$$;

comment on function cloudgpus.draft_hash(text, text, text, text, text, jsonb, jsonb) is
    'The SHA-256 of all that a review covers, in hex: Draft.hash of generator/desk/drafts.py';
