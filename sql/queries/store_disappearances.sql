-- Deactivate the offers that a complete answer no longer has; recordings deactivate only recorded offers.
--
-- Offers that the answer has but that are held back, unreadable or of an unknown GPU (types, regions) have not gone.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), is_recorded (boolean), types, regions (text[])
-- row: none
update cloudgpus.instances as offer
set
    is_active = false,
    last_scraped_at = %(observed_at)s,
    scrape_job_id = %(job_id)s
where offer.provider_id = %(provider_id)s
    and offer.is_active
    and (offer.is_recorded or not %(is_recorded)s)
    and offer.last_scraped_at <= %(observed_at)s
    and not exists (
        select
        from cloudgpus.confirmations as confirmation
        where confirmation.instance_id = offer.id
            and confirmation.last_confirmed_at > %(observed_at)s
    )
    and not exists (
        select
        from matched_offers as matched
        where matched.instance_type = offer.instance_type
            and matched.region = offer.region
    )
    and not exists (
        select
        from unnest(%(types)s::text[], %(regions)s::text[]) as present (instance_type, region)
        where present.instance_type = offer.instance_type
            and present.region = offer.region
    );
