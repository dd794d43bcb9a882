-- Delete what storing the offers left in history; every offer was seen at the end of the year.
-- params: as_of (timestamptz)
-- row: none
with segments as (
    delete from cloudgpus.price_history
),

days as (
    delete from cloudgpus.price_daily
),

series as (
    delete from cloudgpus.price_series
)

update cloudgpus.confirmations
set last_confirmed_at = %(as_of)s::timestamptz;
