-- Note that the run saw offers that were never confirmed before.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz)
-- row: none
insert into cloudgpus.confirmations (
    instance_id,
    last_confirmed_at,
    scrape_job_id
)
select
    offer.id,
    %(observed_at)s,
    %(job_id)s
from matched_offers as matched
inner join cloudgpus.instances as offer
    on offer.provider_id = %(provider_id)s
    and offer.instance_type = matched.instance_type
    and offer.region = matched.region
where matched.standing <> 'ignored'
    and (not matched.is_past or matched.standing = 'new')
on conflict (instance_id) do nothing;
