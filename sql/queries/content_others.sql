-- The texts that a draft is compared with: those that are live, and those that wait; its own page's are among them.
--
-- What a version of the page types' own sentences wrote is not compared with what else it wrote: that is alike by design.
-- params: hash (text: the draft's), made_by (text: the version that wrote it, "" where its revision says so)
-- row: _Other
select
    revision.slug,
    revision.page_type,
    revision.title,
    revision.description,
    revision.markdown,
    coalesce(revision.id = page.live_revision_id, false) as is_live
from content_states as state
inner join content_pages as page on page.id = state.page_id
inner join content_revisions as revision
    on revision.id = page.live_revision_id
    or (revision.id = state.revision_id and state.state not in ('rejected', 'unpublished', 'archived'))
where revision.kind <> 'template'
    or (
        revision.generation ->> 'prompt' is distinct from %(made_by)s
        and not exists (
            select
            from content_revisions as own
            where own.hash = %(hash)s
                and own.kind = 'template'
                and own.generation ->> 'prompt' = revision.generation ->> 'prompt'
        )
    )
order by revision.slug, revision.number;
