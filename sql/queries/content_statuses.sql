-- Every row of content: what it is, and whether it is live or waits for its publication day.
-- params: page_type (text; null: all)
-- row: ContentStatus
select
    page.slug,
    page.page_type,
    page.title,
    coalesce(page.generation_model, 'human') as written_by,
    page.is_published,
    (state.scheduled_for at time zone 'UTC')::date as waits_for,
    state.state,
    state.revision,
    state.live_revision,
    coalesce(state.stale_reasons, '{}') as stale_reasons,
    page.published_at,
    page.updated_at
from content_pages as page
left join content_states as state on state.page_id = page.id
where page.page_type = coalesce(%(page_type)s::text, page.page_type)
order by page.page_type, page.slug;
