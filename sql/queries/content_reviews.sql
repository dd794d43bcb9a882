-- What was done with a page's revisions, in order.
-- params: slug (text)
-- row: Review
select
    review.id,
    revision.number as revision,
    review.action,
    review.state,
    review.actor,
    review.reason_code,
    review.comment,
    review.at,
    review.scheduled_for,
    review.due,
    review.seconds,
    review.together,
    review.reasons,
    review.checks,
    review.is_signed,
    review.commit
from content_pages as page
inner join content_reviews as review on review.page_id = page.id
inner join content_revisions as revision on revision.id = review.revision_id
where page.slug = %(slug)s
order by review.id;
