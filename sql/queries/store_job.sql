-- Enter a provider's job in a run; its counts follow at the end.
-- params: provider_id (uuid), run_id (bigint), status (text), is_recorded (boolean), started_at (timestamptz), completed_at (timestamptz), observed_at (timestamptz), rejected (integer), report (jsonb), error_code (text), error_message (text), retry_count (integer), request_url (text), response_status (integer), response_bytes (bigint), worker (text)
-- row: _Id (id)
insert into cloudgpus.scrape_jobs (
    provider_id,
    run_id,
    status,
    is_recorded,
    started_at,
    completed_at,
    observed_at,
    duration_ms,
    offers_rejected,
    report,
    error_code,
    error_message,
    retry_count,
    request_url,
    response_status_code,
    raw_response_size_bytes,
    scraper_version,
    worker_id
)
values (
    %(provider_id)s,
    %(run_id)s,
    %(status)s::text::cloudgpus.scrape_status,
    %(is_recorded)s,
    %(started_at)s,
    %(completed_at)s,
    %(observed_at)s,
    extract(epoch from %(completed_at)s::timestamptz - %(started_at)s::timestamptz) * 1000,
    %(rejected)s,
    %(report)s::jsonb,
    left(%(error_code)s::text, 50),
    %(error_message)s,
    %(retry_count)s,
    left(%(request_url)s::text, 2000),
    %(response_status)s,
    %(response_bytes)s,
    (select left(version, 100) from cloudgpus.runs where id = %(run_id)s),
    left(%(worker)s::text, 100)
)
returning id;
