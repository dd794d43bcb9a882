-- Undo what was stored of a provider's answers that a clock which was ahead dated later than now.
--
-- Prices that began then are deleted; those that ended then go on until this answer; what was confirmed then was last seen
-- in the last answer before. The evidence stays, dated as late as possible: its newest job at the time of this request,
-- the others as long before it as they were.
-- params: provider_id (uuid), asked_at, observed_at (timestamptz: the time of this request, and of its answer), later_than (timestamptz: what is dated later is undone)
-- row: none (as many as there were jobs dated later)
with later as (
    select max(started_at) - %(asked_at)s::timestamptz as ahead
    from cloudgpus.scrape_jobs
    where provider_id = %(provider_id)s
        and started_at > %(later_than)s
    having max(started_at) is not null
),

seen_before as (
    select coalesce(max(job.observed_at), %(asked_at)s) as observed_at
    from cloudgpus.scrape_jobs as job
    where job.provider_id = %(provider_id)s
        and not job.is_recorded
        and job.status = 'completed'
        and job.observed_at <= %(asked_at)s
),

never_stood as (
    delete from cloudgpus.price_history as segment
    using later
    where segment.provider_id = %(provider_id)s
        and not segment.is_recorded
        and segment.recorded_at > %(later_than)s
),

ended as (
    update cloudgpus.price_history as segment
    set
        valid_to = greatest(segment.recorded_at, %(observed_at)s),
        last_confirmed_at = least(segment.last_confirmed_at, greatest(segment.recorded_at, seen_before.observed_at))
    from later, seen_before
    where segment.provider_id = %(provider_id)s
        and not segment.is_recorded
        and segment.recorded_at <= %(later_than)s
        and segment.valid_to > %(later_than)s
),

confirmed as (
    update cloudgpus.confirmations as confirmation
    set last_confirmed_at = seen_before.observed_at
    from later, seen_before, cloudgpus.instances as offer
    where offer.provider_id = %(provider_id)s
        and not offer.is_recorded
        and confirmation.instance_id = offer.id
        and confirmation.last_confirmed_at > %(later_than)s
),

scraped as (
    update cloudgpus.instances as offer
    set last_scraped_at = seen_before.observed_at
    from later, seen_before
    where offer.provider_id = %(provider_id)s
        and not offer.is_recorded
        and offer.last_scraped_at > %(later_than)s
),

updated as (
    update cloudgpus.providers as provider
    set last_price_update = seen_before.observed_at
    from later, seen_before
    where provider.id = %(provider_id)s
        and provider.last_price_update > %(later_than)s
),

answered as (
    update cloudgpus.captures as capture
    set fetched_at = capture.fetched_at - later.ahead
    from later
    where capture.provider_id = %(provider_id)s
        and not capture.is_recorded
        and capture.fetched_at > %(later_than)s
)

update cloudgpus.scrape_jobs as job
set
    started_at = job.started_at - later.ahead,
    completed_at = job.completed_at - later.ahead,
    observed_at = case when job.is_recorded then job.observed_at else job.observed_at - later.ahead end
from later
where job.provider_id = %(provider_id)s
    and job.started_at > %(later_than)s;
