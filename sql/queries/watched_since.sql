-- When prices were first read live, if they were.
-- params: as_of (timestamptz)
-- row: WatchedSinceRow (no row: never)
select utc_day(min(observed_at)) as first_day
from scrape_jobs
where status = 'completed'
    and not is_recorded
    and observed_at <= %(as_of)s
having count(*) > 0;
