-- The newest rate of each currency on or before a day.
-- params: on_date (date)
-- row: RateRow (usd_per_unit: US dollars for one unit)
select distinct on (currency)
    currency,
    rate_date,
    usd_per_unit
from exchange_rates
where rate_date <= %(on_date)s
order by currency, rate_date desc;
