-- The revisions that are not as they were logged: with another text, or without a row in the log.
-- params: none
-- row: _Changed
select
    revision.slug,
    revision.number
from content_revisions as revision
where revision.hash <> draft_hash(
    revision.slug, revision.page_type, revision.title, revision.description, revision.markdown, revision.structured_data,
    revision.front
)
or not exists (
    select
    from audit_log
    where audit_log.action = 'revision'
        and audit_log.object = revision.slug || '@' || revision.number
        and audit_log.after_hash = revision.hash
)
order by revision.slug, revision.number;
