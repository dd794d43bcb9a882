-- Everything that a provider was asked in one run, and what it answered.
-- params: job_id (uuid)
-- row: _Kept (body: zlib)
select
    provider.slug as provider,
    capture.method,
    capture.url,
    coalesce(capture.request_body, '') as request_body,
    capture.status,
    capture.content_type,
    capture.headers,
    capture.fetched_at,
    capture.origin,
    capture.origin_url,
    content.body
from cloudgpus.captures as capture
inner join cloudgpus.providers as provider on provider.id = capture.provider_id
inner join cloudgpus.capture_bodies as content on content.sha256 = capture.sha256
where capture.scrape_job_id = %(job_id)s
order by capture.fetched_at, capture.url;
