-- Write the exchange rates of days that have none yet.
-- params: source (text)
-- row: none
insert into exchange_rates (
    currency,
    rate_date,
    usd_per_unit,
    source
)
select
    currency,
    rate_date,
    usd_per_unit,
    %(source)s
from seed_rates
on conflict (currency, rate_date) do nothing;
