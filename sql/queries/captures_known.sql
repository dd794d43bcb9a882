-- The newest live answer to each request that can be repeated conditionally: the server gave an ETag or a date.
-- params: providers (text[]: slugs)
-- row: _Kept (body: zlib)
select distinct on (provider.slug, capture.method, capture.url, capture.request_body)
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
where provider.slug = any (%(providers)s)
    and not capture.is_recorded
    and capture.status = 200
    and capture.headers ?| array['etag', 'last-modified']
order by
    provider.slug,
    capture.method,
    capture.url,
    capture.request_body,
    capture.fetched_at desc;
