-- A page's revisions, or one of them, newest first.
-- params: slug (text), number (integer; null: any), most (integer; null: all)
-- row: Revision
select
    revision.id,
    page.slug,
    revision.page_type,
    revision.number,
    revision.hash,
    revision.title,
    revision.description,
    revision.markdown,
    revision.structured_data,
    revision.front,
    revision.author,
    revision.kind,
    revision.base_revision as base,
    revision.is_minor,
    revision.is_from_file,
    revision.facts,
    revision.claims,
    revision.checks,
    revision.generation,
    revision.input_fingerprint as fingerprint,
    revision.text_hash,
    revision.created_at
from content_pages as page
inner join content_revisions as revision on revision.page_id = page.id
where page.slug = %(slug)s
  and revision.number = coalesce(%(number)s::integer, revision.number)
order by revision.number desc
limit %(most)s::integer;
