-- Make a table for exchange rates that are to be compared with the known ones; dropped with the transaction.
-- params: none
-- row: none
create temporary table seed_rates (
    currency char(3) not null,
    rate_date date not null,
    usd_per_unit numeric(18, 8) not null
) on commit drop;
