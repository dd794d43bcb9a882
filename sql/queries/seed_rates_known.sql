-- How many of these currencies have rates on the newest day and in the first week of a table of rates.
-- params: currencies (text[]), first (date), newest (date)
-- row: KnownRates
select
    count(distinct currency) filter (where rate_date = %(newest)s) as newest,
    count(distinct currency) filter (where rate_date < %(first)s::date + 7) as first
from exchange_rates
where currency = any (%(currencies)s::char(3)[])
  and (rate_date = %(newest)s or rate_date between %(first)s and %(first)s::date + 7);
