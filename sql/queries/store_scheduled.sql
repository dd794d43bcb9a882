-- Note the prices that an answer announces for later; one that a complete answer no longer announces before its day is
-- withdrawn.  Of a machine that an answer has twice for one day, the lower price stays, as of offers.
-- params: provider_id (uuid), observed_at (timestamptz), is_complete (boolean), source_url (text), rows (jsonb)
-- row: none
with announced as (
    select distinct on (given.instance_type, given.region, given.pricing_type, given.starts_at)
        gpu.id as gpu_model_id,
        given.*
    from jsonb_to_recordset(%(rows)s::jsonb) as given (
        gpu_slug text,
        instance_type text,
        region text,
        gpu_count smallint,
        gpu_share numeric,
        pricing_type text,
        price_per_gpu_hour numeric,
        currency text,
        original_price numeric,
        starts_at timestamptz,
        ends_at timestamptz
    )
    inner join cloudgpus.gpu_models as gpu on gpu.slug = given.gpu_slug
    order by given.instance_type, given.region, given.pricing_type, given.starts_at, given.price_per_gpu_hour
),

withdrawn as (
    update cloudgpus.scheduled_prices as known
    set withdrawn_at = %(observed_at)s
    where %(is_complete)s
        and known.provider_id = %(provider_id)s
        and known.withdrawn_at is null
        and known.starts_at > %(observed_at)s
        and known.last_seen_at < %(observed_at)s
        and not exists (
            select
            from announced
            where (announced.instance_type, announced.region, announced.pricing_type, announced.starts_at)
                = (known.instance_type, known.region, known.pricing_type, known.starts_at)
        )
)

insert into cloudgpus.scheduled_prices as known (
    provider_id,
    gpu_model_id,
    instance_type,
    region,
    gpu_count,
    gpu_share,
    pricing_type,
    price_per_gpu_hour,
    currency,
    original_price,
    starts_at,
    ends_at,
    source_url,
    first_seen_at,
    last_seen_at
)
select
    %(provider_id)s,
    gpu_model_id,
    instance_type,
    region,
    gpu_count,
    gpu_share,
    pricing_type,
    price_per_gpu_hour,
    currency,
    original_price,
    starts_at,
    ends_at,
    left(%(source_url)s::text, 2000),
    %(observed_at)s,
    %(observed_at)s
from announced
on conflict on constraint scheduled_prices_unique do update
set
    gpu_model_id = excluded.gpu_model_id,
    gpu_count = excluded.gpu_count,
    gpu_share = excluded.gpu_share,
    price_per_gpu_hour = excluded.price_per_gpu_hour,
    currency = excluded.currency,
    original_price = excluded.original_price,
    ends_at = excluded.ends_at,
    source_url = excluded.source_url,
    last_seen_at = excluded.last_seen_at,
    withdrawn_at = null
where known.last_seen_at <= excluded.last_seen_at;
