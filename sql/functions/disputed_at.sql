create or replace function cloudgpus.disputed_at(as_of timestamptz) returns table (
    instance_id uuid,
    pricing_type text
)
language sql
stable
as $$
    select
        offer.id,
        named.pricing_type
    from cloudgpus.disputed_prices as disputed
    inner join cloudgpus.instances as offer
        on offer.provider_id = disputed.provider_id
        and offer.instance_type = disputed.instance_type
        and disputed.region in ('', offer.region)
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
    cross join lateral unnest(
        case
            when disputed.pricing_type = '' then array['on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y']
            else array[disputed.pricing_type]
        end
    ) as named (pricing_type)
    where disputed.checked_on <= cloudgpus.utc_day(as_of)
        and cloudgpus.utc_day(coalesce(confirmation.last_confirmed_at, offer.last_scraped_at)) <= disputed.checked_on
    union
    select
        offer.id,
        entry.pricing_type
    from cloudgpus.disagreements as entry
    inner join cloudgpus.instances as offer
        on offer.provider_id = entry.provider_id
        and offer.instance_type = entry.instance_type
        and offer.region = entry.instance_region
    where entry.state = 'judged'
        and entry.verdict in ('theirs', 'neither')
        and entry.observed_at <= as_of
$$;

comment on function cloudgpus.disputed_at(timestamptz) is
    'The prices that are disputed at as_of: an editor no longer found them at their source and no reading has since, or judged that '
    'somebody else''s reading is right, or that neither could be confirmed';
