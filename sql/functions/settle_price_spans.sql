create or replace function cloudgpus.settle_price_spans(as_of timestamptz, pairs text[]) returns void
language sql
set search_path = cloudgpus, pg_temp
as $$
    with named as materialized (
        select provider.id as provider_id, gpu.id as gpu_model_id
        from unnest(pairs) as pair
        inner join cloudgpus.providers as provider on provider.slug = split_part(pair, '/', 1)
        inner join cloudgpus.gpu_models as gpu on gpu.slug = split_part(pair, '/', 2)
    ),

    priced as (
        select
            segment.provider_id,
            segment.gpu_model_id,
            segment.recorded_at,
            segment.charged <> lag(segment.charged) over (
                partition by instance_id, provider_id, gpu_model_id, currency, gpu_count, gpu_share
                order by recorded_at, valid_to
            ) as differs
        from (
            select
                history.*,
                cloudgpus.charged(
                    history.currency,
                    array[
                        history.price_per_hour,
                        history.price_per_hour_spot,
                        history.price_per_month,
                        history.price_per_hour_reserved_1y,
                        history.price_per_hour_reserved_3y
                    ],
                    array[
                        history.original_price_per_hour,
                        history.original_price_per_hour_spot,
                        history.original_price_per_month,
                        history.original_price_per_hour_reserved_1y,
                        history.original_price_per_hour_reserved_3y
                    ]
                ) as charged
            from cloudgpus.price_history as history
            where history.is_active
                and history.recorded_at <= as_of
                and (pairs is null or (history.provider_id, history.gpu_model_id) in (select * from named))
        ) as segment
        where num_nonnulls(variadic segment.charged) > 0
    ),

    spans as (
        select
            provider_id,
            gpu_model_id,
            min(cloudgpus.utc_day(recorded_at)) as first_on,
            coalesce(bool_or(differs), false) as has_changed
        from priced
        group by provider_id, gpu_model_id
    ),

    gone as (
        delete from cloudgpus.price_spans as kept
        where (pairs is null or (kept.provider_id, kept.gpu_model_id) in (select * from named))
            and (kept.provider_id, kept.gpu_model_id) not in (select provider_id, gpu_model_id from spans)
    )

    insert into cloudgpus.price_spans as kept
    select * from spans
    on conflict (provider_id, gpu_model_id) do update
    set first_on = excluded.first_on, has_changed = excluded.has_changed
    where (kept.first_on, kept.has_changed) <> (excluded.first_on, excluded.has_changed)
$$;

comment on function cloudgpus.settle_price_spans(timestamptz, text[]) is
    'Bring price_spans of these providers'' GPUs ("runpod/h100-sxm"; null: of all) up to an instant; rows that come out the '
    'same are not written';
