create or replace function cloudgpus.settle_provider_figures(as_of timestamptz, providers uuid[]) returns void
language sql
set search_path = cloudgpus, pg_temp
as $$
    with shown as (
        select
            offer.provider_id,
            count(distinct offer.id)::integer as offers_n,
            count(distinct offer.gpu_model_id)::integer as gpus_n,
            count(distinct offer.gpu_model_id) filter (where offer.freshness = 'fresh')::integer as fresh_gpus_n,
            count(distinct place.region)::integer as regions_n,
            bool_or(offer.price_per_hour_spot is not null) as has_spot,
            bool_or(
                num_nonnulls(
                    offer.price_per_hour_reserved_1y, offer.price_per_hour_reserved_3y, offer.price_per_month
                ) > 0
            ) as has_reserved,
            coalesce(bool_or(offer.has_infiniband), false) as has_infiniband
        from cloudgpus.offers_at(as_of) as offer
        inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id and gpu.is_active
        left join lateral unnest(
            array_append(offer.available_regions::text[], nullif(offer.region, '')::text)
        ) as place (region) on true
        where providers is null or offer.provider_id = any(providers)
        group by offer.provider_id
    ),

    confirmed as (
        select
            offer.provider_id,
            cloudgpus.utc_day(max(confirmation.last_confirmed_at)) as confirmed_on,
            bool_and(offer.is_recorded) as is_recorded
        from cloudgpus.confirmations as confirmation
        inner join cloudgpus.instances as offer on offer.id = confirmation.instance_id
        where offer.is_active
            and confirmation.last_confirmed_at <= as_of
            and (providers is null or offer.provider_id = any(providers))
        group by offer.provider_id
    ),

    figures as (
        select
            provider.id as provider_id,
            coalesce(shown.offers_n, 0) as offers_n,
            coalesce(shown.gpus_n, 0) as gpus_n,
            coalesce(shown.fresh_gpus_n, 0) as fresh_gpus_n,
            coalesce(shown.regions_n, 0) as regions_n,
            coalesce(shown.has_spot, false) as has_spot,
            coalesce(shown.has_reserved, false) as has_reserved,
            coalesce(shown.has_infiniband, false) as has_infiniband,
            confirmed.confirmed_on,
            coalesce(confirmed.is_recorded, false) as is_recorded,
            evidence.url as evidence_url,
            coalesce(evidence.origin, '') as origin,
            coalesce(evidence.origin_url, '') as origin_url
        from cloudgpus.providers as provider
        left join shown on shown.provider_id = provider.id
        left join confirmed on confirmed.provider_id = provider.id
        left join lateral (
            select capture.url, capture.origin, capture.origin_url
            from cloudgpus.captures as capture
            inner join cloudgpus.scrape_jobs as job on job.id = capture.scrape_job_id
            where capture.provider_id = provider.id
                and job.status = 'completed'
                and capture.fetched_at <= as_of
            order by capture.fetched_at desc, capture.url
            limit 1
        ) as evidence on true
        where providers is null or provider.id = any(providers)
    )

    insert into cloudgpus.provider_figures as kept
    select * from figures
    on conflict (provider_id) do update
    set
        offers_n = excluded.offers_n,
        gpus_n = excluded.gpus_n,
        fresh_gpus_n = excluded.fresh_gpus_n,
        regions_n = excluded.regions_n,
        has_spot = excluded.has_spot,
        has_reserved = excluded.has_reserved,
        has_infiniband = excluded.has_infiniband,
        confirmed_on = excluded.confirmed_on,
        is_recorded = excluded.is_recorded,
        evidence_url = excluded.evidence_url,
        origin = excluded.origin,
        origin_url = excluded.origin_url
    where row(kept.*) is distinct from row(excluded.*)
$$;

comment on function cloudgpus.settle_provider_figures(timestamptz, uuid[]) is
    'Bring provider_figures of these providers (null: of all) up to an instant; rows that come out the same are not written';
