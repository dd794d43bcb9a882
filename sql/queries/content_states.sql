-- The pages that have revisions: the state of the newest one, and what is live.
-- params: slug (text; null: all), state (text; null: all), page_type (text; null: all)
-- row: PageState
select
    slug,
    page_type,
    title,
    state,
    revision,
    hash,
    live_revision,
    live_hash,
    author,
    kind,
    actor,
    reason_code,
    comment,
    at,
    scheduled_for,
    holder,
    due,
    is_moved,
    stale_reasons,
    checks is not null as is_checked,
    coalesce(found.red_n, 0) as checks_red_n,
    coalesce(found.warnings_n, 0) as warnings_n
from content_states
left join lateral (
    select
        count(*) filter (where one ->> 'severity' = 'block') as red_n,
        count(*) filter (where one ->> 'severity' = 'warn') as warnings_n
    from jsonb_array_elements(checks) as one
) as found on true
where slug = coalesce(%(slug)s::text, slug)
  and page_type = coalesce(%(page_type)s::text, page_type)
  and (
      %(state)s::text is null
      or state = %(state)s::text
      or (%(state)s::text = 'stale' and stale_reasons <> '{}')
  )
order by page_type, slug;
