-- Note that the market figures of a day, and of those after it, may change now.
-- params: observed_at (timestamptz)
-- row: none
select cloudgpus.unsettle_market(cloudgpus.utc_day(%(observed_at)s::timestamptz));
