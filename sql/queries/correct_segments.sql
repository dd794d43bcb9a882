-- Correct the history that came from an answer which is parsed again: the prices in force at its time.
--
-- A segment that began with the answer is corrected, or deleted where the answer does not have its offer. One that began
-- before ends here, and what the answer says continues in its place (moved); where no earlier answer was parsed again, all
-- of it was misread like this one. The answer's offers are in incoming_offers and matched_offers.
-- params: provider_id (uuid), job_id (uuid), observed_at (timestamptz), is_recorded, is_complete (boolean), replayed_until (timestamptz or null: time of the answer that was parsed again before this one), types, regions (text[]: offers of the answer that are not stored)
-- row: none
with covering as (
    select
        segment.*,
        offer.instance_type,
        offer.region,
        coalesce(segment.recorded_at <= %(replayed_until)s::timestamptz, false) as is_read
    from cloudgpus.price_history as segment
    inner join cloudgpus.instances as offer on offer.id = segment.instance_id
    where offer.provider_id = %(provider_id)s
        and segment.provider_id = %(provider_id)s
        and segment.is_active
        and segment.is_recorded = %(is_recorded)s
        and segment.recorded_at <= %(observed_at)s
        and (
            segment.valid_to is null
            or segment.valid_to > %(observed_at)s
            or segment.last_confirmed_at = %(observed_at)s
        )
),

doubted as (
    select
        segment.instance_id,
        segment.recorded_at,
        segment.id,
        segment.instance_type,
        segment.region,
        case
            when incoming.instance_type is not null then case when segment.is_read then 'moved' else 'misread' end
            when segment.recorded_at = %(observed_at)s then 'removed'
            else 'ended'
        end as fate
    from covering as segment
    left join incoming_offers as incoming
        on incoming.instance_type = segment.instance_type
        and incoming.region = segment.region
    left join matched_offers as matched
        on matched.instance_type = segment.instance_type
        and matched.region = segment.region
    where case
        when incoming.instance_type is null
            then %(is_complete)s
            and not exists (
                select
                from unnest(%(types)s::text[], %(regions)s::text[]) as present (instance_type, region)
                where present.instance_type = segment.instance_type
                    and present.region = segment.region
            )
        else
            row(
                segment.gpu_model_id,
                segment.availability_status,
                segment.gpu_count,
                segment.gpu_share,
                segment.currency,
                cloudgpus.charged(
                    segment.currency,
                    array[
                        segment.price_per_hour,
                        segment.price_per_hour_spot,
                        segment.price_per_month,
                        segment.price_per_hour_reserved_1y,
                        segment.price_per_hour_reserved_3y
                    ],
                    array[
                        segment.original_price_per_hour,
                        segment.original_price_per_hour_spot,
                        segment.original_price_per_month,
                        segment.original_price_per_hour_reserved_1y,
                        segment.original_price_per_hour_reserved_3y
                    ]
                )
            ) is distinct from row(
                matched.gpu_model_id,
                incoming.availability_status,
                incoming.gpu_count,
                incoming.gpu_share,
                incoming.currency,
                cloudgpus.charged(
                    incoming.currency,
                    array[
                        incoming.price_per_hour,
                        incoming.price_per_hour_spot,
                        incoming.price_per_month,
                        incoming.price_per_hour_reserved_1y,
                        incoming.price_per_hour_reserved_3y
                    ],
                    array[
                        incoming.original_price_per_hour,
                        incoming.original_price_per_hour_spot,
                        incoming.original_price_per_month,
                        incoming.original_price_per_hour_reserved_1y,
                        incoming.original_price_per_hour_reserved_3y
                    ]
                )
            )
    end
),

seen_before as (
    select max(job.observed_at) as observed_at
    from cloudgpus.scrape_jobs as job
    where job.provider_id = %(provider_id)s
        and job.is_recorded = %(is_recorded)s
        and job.status = 'completed'
        and job.observed_at < %(observed_at)s
),

ended as (
    update cloudgpus.price_history as segment
    set
        valid_to = %(observed_at)s,
        last_confirmed_at = greatest(segment.recorded_at, seen_before.observed_at)
    from doubted, seen_before
    where doubted.fate = 'ended'
        and segment.instance_id = doubted.instance_id
        and segment.recorded_at = doubted.recorded_at
        and segment.id = doubted.id
),

stood_until_then as (
    insert into cloudgpus.price_history (
        instance_id,
        provider_id,
        gpu_model_id,
        price_per_hour,
        price_per_gpu_hour,
        price_per_hour_spot,
        price_per_month,
        price_per_hour_reserved_1y,
        price_per_hour_reserved_3y,
        availability_status,
        gpu_count,
        gpu_share,
        currency,
        original_price_per_hour,
        original_price_per_hour_spot,
        original_price_per_month,
        original_price_per_hour_reserved_1y,
        original_price_per_hour_reserved_3y,
        price_ends,
        is_recorded,
        recorded_at,
        valid_to,
        last_confirmed_at,
        scrape_job_id
    )
    select
        segment.instance_id,
        segment.provider_id,
        segment.gpu_model_id,
        segment.price_per_hour,
        segment.price_per_gpu_hour,
        segment.price_per_hour_spot,
        segment.price_per_month,
        segment.price_per_hour_reserved_1y,
        segment.price_per_hour_reserved_3y,
        segment.availability_status,
        segment.gpu_count,
        segment.gpu_share,
        segment.currency,
        segment.original_price_per_hour,
        segment.original_price_per_hour_spot,
        segment.original_price_per_month,
        segment.original_price_per_hour_reserved_1y,
        segment.original_price_per_hour_reserved_3y,
        segment.price_ends,
        segment.is_recorded,
        segment.recorded_at,
        %(observed_at)s,
        greatest(segment.recorded_at, seen_before.observed_at),
        segment.scrape_job_id
    from covering as segment
    inner join doubted
        on doubted.instance_id = segment.instance_id
        and doubted.recorded_at = segment.recorded_at
        and doubted.id = segment.id
    cross join seen_before
    where doubted.fate = 'moved'
),

removed as (
    delete from cloudgpus.price_history as segment
    using doubted
    where doubted.fate = 'removed'
        and segment.instance_id = doubted.instance_id
        and segment.recorded_at = doubted.recorded_at
        and segment.id = doubted.id
)

update cloudgpus.price_history as segment
set
    gpu_model_id = matched.gpu_model_id,
    price_per_hour = incoming.price_per_hour,
    price_per_gpu_hour = cloudgpus.price_per_gpu_hour(incoming.price_per_hour, incoming.gpu_count, incoming.gpu_share),
    price_per_hour_spot = incoming.price_per_hour_spot,
    price_per_month = incoming.price_per_month,
    price_per_hour_reserved_1y = incoming.price_per_hour_reserved_1y,
    price_per_hour_reserved_3y = incoming.price_per_hour_reserved_3y,
    availability_status = incoming.availability_status,
    gpu_count = incoming.gpu_count,
    gpu_share = incoming.gpu_share,
    currency = incoming.currency,
    original_price_per_hour = case when incoming.currency <> 'USD' then incoming.original_price_per_hour end,
    original_price_per_hour_spot = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_spot end,
    original_price_per_month = case when incoming.currency <> 'USD' then incoming.original_price_per_month end,
    original_price_per_hour_reserved_1y
    = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_1y end,
    original_price_per_hour_reserved_3y
    = case when incoming.currency <> 'USD' then incoming.original_price_per_hour_reserved_3y end,
    price_ends = incoming.price_ends,
    recorded_at = case when doubted.fate = 'moved' then %(observed_at)s else segment.recorded_at end,
    last_confirmed_at = case
        when doubted.fate = 'moved' and segment.valid_to is not null
            then greatest(segment.last_confirmed_at, %(observed_at)s)
        else segment.last_confirmed_at
    end,
    scrape_job_id = case when doubted.fate = 'moved' then %(job_id)s else segment.scrape_job_id end
from doubted
inner join incoming_offers as incoming
    on incoming.instance_type = doubted.instance_type
    and incoming.region = doubted.region
inner join matched_offers as matched
    on matched.instance_type = doubted.instance_type
    and matched.region = doubted.region
where doubted.fate in ('moved', 'misread')
    and segment.instance_id = doubted.instance_id
    and segment.recorded_at = doubted.recorded_at
    and segment.id = doubted.id;
