-- Add a revision to a page, and return it; triggers number it, compute its hash again, and make it a draft.
-- params: slug (text), hash (text), title (text), description (text), markdown (text), structured_data (jsonb), front (jsonb), author (text), kind (text), base (integer), is_minor (boolean), is_from_file (boolean), facts (jsonb), claims (jsonb), checks (jsonb), generation (jsonb), fingerprint (text), text_hash (text), at (timestamptz)
-- row: _Number
insert into content_revisions (
    page_id, hash, title, description, markdown, structured_data, front, author, kind, base_revision, is_minor,
    is_from_file, facts, claims, checks, generation, input_fingerprint, text_hash, created_at
)
select
    id,
    %(hash)s,
    %(title)s,
    %(description)s,
    %(markdown)s,
    %(structured_data)s::jsonb,
    %(front)s::jsonb,
    %(author)s,
    %(kind)s,
    %(base)s::integer,
    %(is_minor)s::boolean,
    %(is_from_file)s::boolean,
    coalesce(%(facts)s::jsonb, '[]'),
    coalesce(%(claims)s::jsonb, '[]'),
    %(checks)s::jsonb,
    %(generation)s::jsonb,
    %(fingerprint)s,
    %(text_hash)s::text,
    %(at)s::timestamptz
from content_pages
where slug = %(slug)s
returning number;
