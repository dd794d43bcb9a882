-- Insert a live answer of each made-up provider, as evidence of its prices, in a job of the run.
-- params: members (integer), as_of (timestamptz), run_id (bigint)
-- row: none
with answers as (
    select
        number,
        md5('provider ' || number)::uuid as provider_id,
        md5('job ' || number)::uuid as job_id,
        convert_to('answer of provider ' || number, 'UTF8') as body
    from generate_series(0, %(members)s::integer - 1) as number
),

jobs as (
    insert into cloudgpus.scrape_jobs (
        id, provider_id, run_id, status, started_at, completed_at, observed_at, response_status_code
    )
    select
        job_id,
        provider_id,
        %(run_id)s,
        'completed',
        %(as_of)s,
        %(as_of)s,
        %(as_of)s,
        200
    from answers
),

bodies as (
    insert into cloudgpus.capture_bodies (sha256, body, body_bytes)
    select
        encode(sha256(body), 'hex'),
        body,
        length(body)
    from answers
)

insert into cloudgpus.captures (provider_id, scrape_job_id, sha256, method, url, status, fetched_at)
select
    provider_id,
    job_id,
    encode(sha256(body), 'hex'),
    'GET',
    'https://provider-' || number || '.example/api/v1/prices',
    200,
    %(as_of)s
from answers;
