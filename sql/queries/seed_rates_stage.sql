-- Where exchange rates wait to be compared with those already known; gone at the end of the transaction.
-- params: none
-- row: none
create temporary table seed_rates (
    currency char(3) not null,
    rate_date date not null,
    usd_per_unit numeric(18, 8) not null
) on commit drop;
