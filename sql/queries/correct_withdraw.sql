-- Undo what was stored of later recorded answers, where the shipped recording now has an earlier date.
--
-- The recording is stored next, as the newest; where nothing later is stored, nothing is done.
-- params: provider_id (uuid), observed_at (timestamptz: the recording's)
-- row: none
with withdrawn as (
    select
        exists (
            select
            from cloudgpus.price_history as segment
            where segment.provider_id = %(provider_id)s
                and segment.is_recorded
                and greatest(segment.recorded_at, segment.last_confirmed_at) > %(observed_at)s
        )
        or exists (
            select
            from cloudgpus.instances as offer
            inner join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
            where offer.provider_id = %(provider_id)s
                and offer.is_recorded
                and confirmation.last_confirmed_at > %(observed_at)s
        ) as is_there
),

never_stood as (
    delete from cloudgpus.price_history as segment
    using withdrawn
    where withdrawn.is_there
        and segment.provider_id = %(provider_id)s
        and segment.is_recorded
        and segment.recorded_at >= %(observed_at)s
),

ended as (
    update cloudgpus.price_history as segment
    set
        valid_to = %(observed_at)s,
        last_confirmed_at = case
            when segment.last_confirmed_at < %(observed_at)s then segment.last_confirmed_at
            else segment.recorded_at
        end
    from withdrawn
    where withdrawn.is_there
        and segment.provider_id = %(provider_id)s
        and segment.is_recorded
        and segment.recorded_at < %(observed_at)s
        and (segment.valid_to is null or segment.valid_to > %(observed_at)s)
),

unconfirmed as (
    update cloudgpus.confirmations as confirmation
    set last_confirmed_at = %(observed_at)s
    from cloudgpus.instances as offer
    where offer.provider_id = %(provider_id)s
        and offer.is_recorded
        and confirmation.instance_id = offer.id
        and confirmation.last_confirmed_at > %(observed_at)s
)

update cloudgpus.instances as offer
set last_scraped_at = %(observed_at)s
where offer.provider_id = %(provider_id)s
    and offer.is_recorded
    and offer.last_scraped_at > %(observed_at)s;
