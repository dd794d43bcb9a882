-- The live texts, and how many of them are stale that were not at an instant.
-- params: since (timestamptz; null: never)
-- row: StaleTexts
with told as (
    select
        (
            select state
            from content_reviews
            where revision_id = page.live_revision_id
                and state is not null
            order by id desc
            limit 1
        ) as now,
        (
            select state
            from content_reviews
            where revision_id = page.live_revision_id
                and state is not null
                and at <= %(since)s::timestamptz
            order by id desc
            limit 1
        ) as before
    from content_pages as page
    where page.live_revision_id is not null
        and page.is_published
)

select
    count(*) as texts,
    count(*) filter (where now = 'stale' and before is distinct from 'stale') as newly
from told;
