-- What was held back of a provider's offers and may come again: waiting, rejected and released prices, newest first.
-- params: provider (text: slug)
-- row: _Known (prices: US dollars per GPU-hour by column)
select
    entry.instance_type,
    entry.region,
    entry.prices,
    entry.first_seen_at,
    entry.state
from cloudgpus.quarantine as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id
where provider.slug = %(provider)s
    and entry.state <> 'withdrawn'
order by entry.id desc;
