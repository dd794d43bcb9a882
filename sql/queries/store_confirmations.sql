-- Note that the run saw its offers again: in a narrow table, so that it costs little.
-- params: job_id (uuid), observed_at (timestamptz)
-- row: none
update cloudgpus.confirmations as confirmation
set
    last_confirmed_at = %(observed_at)s,
    scrape_job_id = %(job_id)s
from matched_offers as matched
where confirmation.instance_id = matched.instance_id
    and matched.standing <> 'ignored'
    and not matched.is_past;
