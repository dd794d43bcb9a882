-- Live offers no longer fresh by their source's class: aging ones, and expired ones, which are not shown; and those that a
-- clock which was ahead confirmed later than now, which are not shown either.
-- params: as_of (timestamptz), tolerance (interval: how far clocks may lie apart)
-- row: Stale (offers: all active live offers of the provider; newest; oldest, hours: of the one confirmed longest ago)
select
    provider.slug as provider,
    provider.source_class,
    count(*)::integer as offers,
    count(*) filter (
        where confirmation.last_confirmed_at < %(as_of)s - class.fresh_for
          and confirmation.last_confirmed_at >= %(as_of)s - class.expires_after
    )::integer as aging,
    count(*) filter (where confirmation.last_confirmed_at < %(as_of)s - class.expires_after)::integer as expired,
    count(*) filter (where confirmation.last_confirmed_at > %(as_of)s::timestamptz + %(tolerance)s::interval)::integer as later,
    max(confirmation.last_confirmed_at) as newest,
    min(confirmation.last_confirmed_at) as oldest,
    round((extract(epoch from %(as_of)s::timestamptz - min(confirmation.last_confirmed_at)) / 3600)::numeric, 1) as hours
from cloudgpus.instances as offer
join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
join cloudgpus.providers as provider on provider.id = offer.provider_id
join cloudgpus.source_classes as class on class.source_class = provider.source_class
where offer.is_active
  and not offer.is_recorded
group by provider.slug, provider.source_class
order by hours desc, provider.slug;
