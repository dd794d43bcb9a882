create or replace function cloudgpus.begin_price_segments(ids uuid[], since timestamptz[], jobs uuid[]) returns void
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_seqscan = off
set enable_nestloop = on
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    perform cloudgpus.unsettle_market(min(cloudgpus.utc_day(at)))
    from unnest(since) as at;

    perform cloudgpus.ensure_price_history_partitions(months.month, months.month)
    from (select distinct date_trunc('month', at, 'UTC') as month from unnest(since) as at) as months;

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
        is_active,
        recorded_at,
        valid_to,
        last_confirmed_at,
        scrape_job_id
    )
    select
        offer.id,
        offer.provider_id,
        offer.gpu_model_id,
        offer.price_per_hour,
        offer.price_per_gpu_hour,
        offer.price_per_hour_spot,
        offer.price_per_month,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        offer.availability_status,
        offer.gpu_count,
        offer.gpu_share,
        offer.currency,
        case when offer.currency <> 'USD' then offer.original_price_per_hour end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_spot end,
        case when offer.currency <> 'USD' then offer.original_price_per_month end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_reserved_1y end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_reserved_3y end,
        offer.price_ends,
        offer.is_recorded,
        offer.is_active,
        segment.since,
        case when not offer.is_active then segment.since end,
        case when not offer.is_active then segment.since end,
        segment.job
    from unnest(ids, since, jobs) as segment (id, since, job)
    inner join cloudgpus.instances as offer on offer.id = segment.id;
end $$;

comment on function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) is
    'Begin a history segment for each offer as it is now; for an inactive one, mark its disappearance';
