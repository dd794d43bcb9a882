-- Active providers' terms, in the order of the fields.
-- params: as_of (timestamptz), providers (text[]; null for all)
-- row: TermRow (usd: the amount in US dollars at the newest rate known then; null where it is no money or there is no rate;
-- is_current: checked recently enough to count)
select
    p.slug as provider_slug,
    t.field::text,
    t.qualifier,
    t.value,
    t.word,
    t.unit,
    t.currency::text,
    case when t.currency = 'USD' then t.value else t.value * rate.usd_per_unit end as usd,
    t.note,
    t.source_url,
    t.checked_on,
    t.checked_on > (%(as_of)s at time zone 'UTC')::date - c.expires_after as is_current
from provider_terms t
join providers p on p.id = t.provider_id
join source_classes c on c.source_class = 'stated'
left join lateral (
    select r.usd_per_unit
    from exchange_rates r
    where r.currency = t.currency
      and r.rate_date <= (%(as_of)s at time zone 'UTC')::date
    order by r.rate_date desc
    limit 1
) rate on true
where p.is_active
  and (%(providers)s::text[] is null or p.slug = any(%(providers)s))
order by p.slug, t.field, t.qualifier;
