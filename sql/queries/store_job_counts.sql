-- Complete a job with its counts of offers.
-- params: job_id (uuid), found (integer), created (integer), updated (integer), unchanged (integer), deactivated (integer)
-- row: none
update cloudgpus.scrape_jobs
set
    instances_found = %(found)s,
    instances_created = %(created)s,
    instances_updated = %(updated)s,
    instances_unchanged = %(unchanged)s,
    instances_deactivated = %(deactivated)s
where id = %(job_id)s;
