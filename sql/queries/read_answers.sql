-- The answers that prices shown at as_of were read from, by provider: of each job that last changed an offer, its largest.
--
-- A price that is only confirmed stays with the answer that brought it.
-- params: as_of (timestamptz), providers (text[]; null for all)
-- row: AnswerRow
with named as (
    select distinct
        shown.provider_id,
        shown.provider_slug,
        offer.scrape_job_id
    from offers_at(%(as_of)s) as shown
    inner join instances as offer on offer.id = shown.id
    inner join gpu_models as gpu on gpu.id = shown.gpu_model_id and gpu.is_active
    inner join providers as provider on provider.id = shown.provider_id and provider.is_active
    where offer.scrape_job_id is not null
        and (%(providers)s::text[] is null or provider.slug = any(%(providers)s))
)

select
    named.provider_slug,
    named.scrape_job_id::text,
    answer.sha256,
    answer.body_bytes,
    answer.method,
    answer.url,
    answer.status,
    answer.content_type,
    answer.fetched_at,
    answer.is_recorded,
    answer.origin,
    answer.origin_url,
    answer.answers_n::integer
from named
cross join lateral (
    select
        capture.*,
        content.body_bytes,
        count(*) over () as answers_n
    from captures as capture
    inner join capture_bodies as content on content.sha256 = capture.sha256
    where capture.scrape_job_id = named.scrape_job_id
        and capture.provider_id = named.provider_id
    order by
        content.body_bytes desc,
        capture.url,
        capture.sha256,
        capture.fetched_at,
        capture.id
    limit 1
) as answer
order by
    named.provider_slug,
    answer.fetched_at,
    answer.sha256,
    named.scrape_job_id;
