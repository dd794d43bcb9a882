-- Note what a run says about what was held back before: seen again unchanged, released by this second answer, or gone.
--
-- An answer that is held back as a whole (without an instance type) says nothing about single offers.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), types, regions, rules, details (text[]: of each offer held back now), since (timestamptz[]: when its prices were first), agreed_types, agreed_regions (text[])
-- row: none
with held as (
    select distinct on (offer.instance_type, offer.region)
        offer.instance_type,
        offer.region,
        offer.rule,
        offer.detail,
        offer.since
    from unnest(
        %(types)s::text[], %(regions)s::text[], %(rules)s::text[], %(details)s::text[], %(since)s::timestamptz[]
    ) as offer (instance_type, region, rule, detail, since)
    order by offer.instance_type, offer.region, offer.detail
),

settled as (
    select
        entry.id,
        held.rule,
        held.detail,
        agreed.instance_type is not null as is_agreed,
        -- Without prices, cases can't be told apart: the same rule again is the same case.
        coalesce(held.since = entry.first_seen_at or (held.since is null and held.rule = entry.rule), false) as is_again
    from cloudgpus.quarantine as entry
    left join held on held.instance_type = entry.instance_type and held.region = entry.region
    left join unnest(%(agreed_types)s::text[], %(agreed_regions)s::text[]) as agreed (instance_type, region)
        on agreed.instance_type = entry.instance_type
        and agreed.region = entry.region
    where entry.provider_id = %(provider_id)s
        and entry.state in ('waiting', 'rejected')
        and entry.last_seen_at <= %(observed_at)s
        and (entry.instance_type = '' or not exists (select from held where held.instance_type = ''))
)

update cloudgpus.quarantine as entry
set
    rule = coalesce(settled.rule, entry.rule),
    detail = coalesce(settled.detail, entry.detail),
    state = case when settled.is_agreed then 'released' when settled.is_again then entry.state else 'withdrawn' end,
    seen_n = entry.seen_n + (settled.is_again or settled.is_agreed)::integer,
    last_seen_at = case when settled.is_again or settled.is_agreed then %(observed_at)s else entry.last_seen_at end,
    last_job_id = case when settled.is_again or settled.is_agreed then %(job_id)s else entry.last_job_id end,
    decided_by = case when settled.is_agreed then 'a second answer' else entry.decided_by end,
    decided_at = case when settled.is_agreed then %(observed_at)s else entry.decided_at end
from settled
where entry.id = settled.id;
