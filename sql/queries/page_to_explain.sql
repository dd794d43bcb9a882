-- A page as the builds recorded it, at the first of these paths that is one: what became of it in the last build, and as of
-- which builds it was made, and changed, for the last time.
-- params: paths (text[])
-- row: BuiltPage
with last as (
    select started_at
    from builds
    where completed_at is not null
        and revision is not null
    order by id desc
    limit 1
)

select
    page.path,
    page.page_type,
    page.key,
    coalesce(page.number, 0) as number,
    page.gate_state,
    page.gate_reasons,
    page.gate_since,
    page.reads,
    page.model_hash,
    page.files,
    page.last_modified,
    coalesce(page.looked_at = last.started_at, false) as was_looked_at,
    coalesce(page.made_at = last.started_at, false) as was_made,
    coalesce(page.changed_at = last.started_at, false) as was_changed,
    made.as_of as made_as_of,
    changed.as_of as changed_as_of
from built_pages as page
left join last on true
left join builds as made on made.started_at = page.made_at
left join builds as changed on changed.started_at = page.changed_at
where page.path = any(%(paths)s::text[])
order by array_position(%(paths)s::text[], page.path::text)
limit 1;
