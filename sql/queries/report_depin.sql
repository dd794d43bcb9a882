-- DePIN providers with an uptime of 95 per cent or more, or none stated, cheapest first.
-- params: as_of (timestamptz)
-- row: DepinProvider (minimum_price: US dollars per GPU-hour on demand, of complete and fresh offers)
select
    provider.display_name as provider,
    provider.slug as provider_slug,
    provider.sla_uptime_percent,
    count(offer.id)::integer as offers_n,
    min(offer.price_per_gpu_hour) filter (where offer.is_ranked) as minimum_price
from providers as provider
left join prices_at(%(as_of)s::timestamptz) as offer
    on offer.provider_id = provider.id
    and offer.pricing_type = 'on_demand'
where provider.provider_type = 'depin'
  and (provider.sla_uptime_percent >= 95 or provider.sla_uptime_percent is null)
  and provider.is_active
group by provider.id
order by minimum_price nulls last, provider.slug;
