-- Add a review of a page's revision; triggers refuse what the rules don't allow, set the state, and publish.
-- params: slug (text), number (integer), action (text), actor (text), at (timestamptz), reason_code (text), comment (text), scheduled_for (timestamptz), due (timestamptz), seconds (integer), together (text), reasons (text[]), facts (jsonb), claims (jsonb), checks (jsonb), is_over_live (boolean), is_signed (boolean), signed_on (date), text_hash (text), commit (text)
-- row: none
insert into content_reviews (
    page_id, revision_id, action, actor, at, reason_code, comment, scheduled_for, due, seconds, together, reasons, facts,
    claims, checks, is_over_live, is_signed, signed_on, text_hash, commit
)
select
    page.id,
    revision.id,
    %(action)s,
    %(actor)s,
    %(at)s::timestamptz,
    %(reason_code)s::text,
    %(comment)s,
    %(scheduled_for)s::timestamptz,
    %(due)s::timestamptz,
    %(seconds)s::integer,
    %(together)s::text,
    %(reasons)s::text[],
    %(facts)s::jsonb,
    %(claims)s::jsonb,
    %(checks)s::jsonb,
    %(is_over_live)s::boolean,
    %(is_signed)s::boolean,
    %(signed_on)s::date,
    %(text_hash)s::text,
    %(commit)s::text
from content_pages as page
inner join content_revisions as revision on revision.page_id = page.id
where page.slug = %(slug)s
  and revision.number = %(number)s;
