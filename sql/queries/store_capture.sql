-- Note which request was answered with which body, and when.
-- params: provider_id (uuid), job_id (uuid), sha256 (text), method (text), url (text), request_body (bytea), status (integer), content_type (text), headers (jsonb), fetched_at (timestamptz), origin, origin_url (text: "" for a live answer)
-- row: none
insert into cloudgpus.captures (
    provider_id,
    scrape_job_id,
    sha256,
    method,
    url,
    request_body,
    status,
    content_type,
    headers,
    fetched_at,
    is_recorded,
    origin,
    origin_url
)
values (
    %(provider_id)s,
    %(job_id)s,
    %(sha256)s,
    %(method)s,
    %(url)s,
    nullif(%(request_body)s::bytea, ''),
    %(status)s,
    %(content_type)s,
    %(headers)s::jsonb,
    %(fetched_at)s,
    %(origin)s::text <> '',
    nullif(%(origin)s::text, ''),
    nullif(%(origin_url)s::text, '')
);
