-- Answers whose body's hash begins with these digits, the newest first.
-- params: hash (text: hex digits)
-- row: _Found (body: zlib)
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
    content.body,
    capture.scrape_job_id::text as job
from cloudgpus.captures as capture
inner join cloudgpus.providers as provider on provider.id = capture.provider_id
inner join cloudgpus.capture_bodies as content on content.sha256 = capture.sha256
where capture.sha256 like %(hash)s || '%%'
order by capture.fetched_at desc;
