create or replace function cloudgpus.settle_gpu_figures(as_of timestamptz, gpus uuid[]) returns void
language sql
set search_path = cloudgpus, pg_temp
as $$
    with counts as (
        select
            price.gpu_model_id,
            price.provider_id,
            price.provider_slug,
            price.segment,
            price.pricing_type,
            case when machine.size_stated then machine.gpu_count else 0 end as gpu_count,
            min(price.price_per_gpu_hour) as floor,
            count(*) as offers_n,
            sum(greatest(cardinality(price.available_regions), 1)) as places_n
        from cloudgpus.prices_at(as_of, gpus) as price
        inner join cloudgpus.instances as machine on machine.id = price.id
        where price.is_ranked
        group by price.gpu_model_id, price.provider_id, price.provider_slug, price.segment, price.pricing_type, 6
    ),

    floors as (
        select
            gpu_model_id,
            provider_id,
            provider_slug,
            segment,
            pricing_type,
            min(floor) as floor,
            sum(offers_n) as offers_n,
            sum(places_n)::integer as places_n,
            array_agg(gpu_count order by gpu_count) as gpu_counts,
            array_agg(floor order by gpu_count) as count_floors
        from counts
        group by gpu_model_id, provider_id, provider_slug, segment, pricing_type
    ),

    figures as (
        select
            gpu_model_id,
            pricing_type,
            coalesce(segment, '') as segment,
            count(*)::integer as providers_n,
            sum(offers_n)::integer as offers_n,
            min(floor) as floor,
            (percentile_cont(0.25) within group (order by floor))::numeric as p25,
            (percentile_cont(0.5) within group (order by floor))::numeric as median,
            (percentile_cont(0.75) within group (order by floor))::numeric as p75,
            max(floor) as ceiling,
            (array_agg(provider_slug order by floor, provider_slug))[1] as cheapest_provider
        from floors
        group by grouping sets ((gpu_model_id, pricing_type), (gpu_model_id, pricing_type, segment))
    ),

    shown_here as materialized (
        select offer.gpu_model_id, offer.provider_id, count(*)::integer as offers_n
        from cloudgpus.offers_at(as_of) as offer
        inner join cloudgpus.providers as provider on provider.id = offer.provider_id and provider.is_active
        where gpus is null or offer.gpu_model_id = any(gpus)
        group by offer.gpu_model_id, offer.provider_id
    ),

    shown as (
        select gpu_model_id, sum(offers_n)::integer as offers_n
        from shown_here
        group by gpu_model_id
    ),

    gone_crowds as (
        delete from cloudgpus.crowded_pairs as kept
        where (gpus is null or kept.gpu_model_id = any(gpus))
            and (kept.provider_id, kept.gpu_model_id) not in (
                select provider_id, gpu_model_id
                from shown_here
                where offers_n > 20
            )
    ),

    written_crowds as (
        insert into cloudgpus.crowded_pairs (provider_id, gpu_model_id)
        select provider_id, gpu_model_id
        from shown_here
        where offers_n > 20
        on conflict do nothing
    ),

    gone_floors as (
        delete from cloudgpus.gpu_floors as kept
        where (gpus is null or kept.gpu_model_id = any(gpus))
            and not exists (
                select
                from floors
                where (floors.gpu_model_id, floors.provider_id, floors.pricing_type)
                    = (kept.gpu_model_id, kept.provider_id, kept.pricing_type)
            )
    ),

    written_floors as (
        insert into cloudgpus.gpu_floors as kept (
            gpu_model_id, provider_id, pricing_type, floor, gpu_counts, count_floors, places_n
        )
        select gpu_model_id, provider_id, pricing_type, floor, gpu_counts, count_floors, places_n
        from floors
        on conflict (gpu_model_id, provider_id, pricing_type) do update
        set
            floor = excluded.floor,
            gpu_counts = excluded.gpu_counts,
            count_floors = excluded.count_floors,
            places_n = excluded.places_n
        where (kept.gpu_counts, kept.count_floors, kept.places_n)
            <> (excluded.gpu_counts, excluded.count_floors, excluded.places_n)
    ),

    gone_offers as (
        delete from cloudgpus.gpu_offers as kept
        where (gpus is null or kept.gpu_model_id = any(gpus))
            and not exists (select from shown where shown.gpu_model_id = kept.gpu_model_id)
    ),

    written_offers as (
        insert into cloudgpus.gpu_offers as kept (gpu_model_id, offers_n)
        select gpu_model_id, offers_n
        from shown
        on conflict (gpu_model_id) do update
        set offers_n = excluded.offers_n
        where kept.offers_n <> excluded.offers_n
    ),

    gone_figures as (
        delete from cloudgpus.gpu_figures as kept
        where (gpus is null or kept.gpu_model_id = any(gpus))
            and not exists (
                select
                from figures
                where (figures.gpu_model_id, figures.pricing_type, figures.segment)
                    = (kept.gpu_model_id, kept.pricing_type, kept.segment)
            )
    )

    insert into cloudgpus.gpu_figures as kept (
        gpu_model_id, pricing_type, segment, providers_n, offers_n, floor, p25, median, p75, ceiling, cheapest_provider
    )
    select
        gpu_model_id, pricing_type, segment, providers_n, offers_n, floor, p25, median, p75, ceiling, cheapest_provider
    from figures
    on conflict (gpu_model_id, pricing_type, segment) do update
    set
        providers_n = excluded.providers_n,
        offers_n = excluded.offers_n,
        floor = excluded.floor,
        p25 = excluded.p25,
        median = excluded.median,
        p75 = excluded.p75,
        ceiling = excluded.ceiling,
        cheapest_provider = excluded.cheapest_provider
    where (
        kept.providers_n, kept.offers_n, kept.floor, kept.p25, kept.median, kept.p75, kept.ceiling, kept.cheapest_provider
    ) <> (
        excluded.providers_n, excluded.offers_n, excluded.floor, excluded.p25, excluded.median, excluded.p75,
        excluded.ceiling, excluded.cheapest_provider
    )
$$;

comment on function cloudgpus.settle_gpu_figures(timestamptz, uuid[]) is
    'Bring gpu_figures, gpu_floors, gpu_offers and crowded_pairs of these GPUs (null: of all) up to an instant; rows that come '
    'out the same are not written';
