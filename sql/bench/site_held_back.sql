-- Hold back an offer of every fifth made-up provider, and let every seventh name a GPU that nobody knows.
-- params: members (integer), as_of (timestamptz)
-- row: none
with held as (
    insert into cloudgpus.quarantine (
        provider_id,
        instance_type,
        region,
        gpu_model_id,
        rule,
        detail,
        first_seen_at,
        last_seen_at,
        first_job_id,
        last_job_id
    )
    select
        md5('provider ' || number)::uuid,
        'gpu.' || number || '.16x',
        'us-east-1',
        md5('gpu ' || number)::uuid,
        'price_band',
        'made up',
        %(as_of)s,
        %(as_of)s,
        md5('job ' || number)::uuid,
        md5('job ' || number)::uuid
    from generate_series(0, %(members)s::integer - 1, 5) as number
)

insert into cloudgpus.unmapped_gpu_names (provider_id, gpu_name, offers, first_seen_at, last_seen_at)
select
    md5('provider ' || number)::uuid,
    'GPU of ' || number,
    1,
    %(as_of)s,
    %(as_of)s
from generate_series(0, %(members)s::integer - 1, 7) as number;
