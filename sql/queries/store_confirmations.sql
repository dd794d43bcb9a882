-- Notes that the run saw its offers: in a narrow table, so that seeing them again costs little.
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
from incoming_offers as incoming
inner join cloudgpus.instances as offer
    on offer.provider_id = %(provider_id)s
    and offer.instance_type = incoming.instance_type
    and offer.region = incoming.region
where incoming.standing <> 'ignored'
    and (not incoming.is_past or incoming.standing = 'new')
order by offer.id
on conflict (instance_id) do update set
    last_confirmed_at = excluded.last_confirmed_at,
    scrape_job_id = excluded.scrape_job_id;
