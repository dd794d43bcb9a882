-- Compare current prices with the readings of others, note where the two disagree, and settle disagreements that are over.
--
-- For each series of readings (source, provider, GPU, pricing type, region, count): the provider's cheapest ranked offer
-- there, of that count, against the reading of a whole machine nearest in time to when that offer was confirmed.
-- params: run_id (bigint), as_of (timestamptz), further (jsonb: readings beside those stored), days (integer: how far the two may lie apart), apart (numeric: 0.05 is five per cent of our price)
-- row: SecondOpinion
with readings as (
    select
        source.name as source,
        source.url,
        source.licence,
        reading.provider,
        reading.gpu_model_id,
        reading.pricing_type,
        reading.region,
        reading.gpu_count,
        reading.price_per_gpu_hour,
        reading.price_basis,
        reading.observed_at
    from cloudgpus.reference_history as reading
    inner join cloudgpus.reference_sources as source on source.id = reading.source_id
    union all
    select
        reading.source,
        reading.url,
        reading.licence,
        reading.provider,
        gpu.id,
        reading.pricing_type,
        reading.region,
        reading.gpu_count,
        reading.price_per_gpu_hour,
        reading.price_basis,
        reading.observed_at
    from jsonb_to_recordset(%(further)s::jsonb) as reading (
        source text,
        url text,
        licence text,
        provider text,
        gpu_slug text,
        pricing_type text,
        region text,
        gpu_count smallint,
        price_per_gpu_hour numeric,
        price_basis text,
        observed_at timestamptz
    )
    inner join cloudgpus.gpu_models as gpu on gpu.slug = reading.gpu_slug
),

-- Each series holds its readings: where they were joined again, a planner that expected too few rows read all of them
-- for each series. All readings of as_of's day count, since many sources state only the day.
series as materialized (
    select
        source,
        provider,
        gpu_model_id,
        pricing_type,
        region,
        gpu_count,
        min(url) as url,
        min(licence) as licence,
        array_agg(price_per_gpu_hour) as reading_prices,
        array_agg(observed_at) as reading_times
    from readings
    where price_basis = 'complete'
        and observed_at >= %(as_of)s::timestamptz - 2 * make_interval(days => %(days)s)
        and observed_at < date_trunc('day', %(as_of)s::timestamptz, 'UTC') + interval '1 day'
    group by source, provider, gpu_model_id, pricing_type, region, gpu_count
),

standing as (
    select distinct on (
        series.source, series.provider, series.gpu_model_id, series.pricing_type, series.region, series.gpu_count
    )
        series.*,
        price.provider_id,
        price.instance_type,
        price.region as instance_region,
        price.price_per_gpu_hour,
        price.last_confirmed_at,
        price.source_url
    from series
    inner join cloudgpus.prices_at(%(as_of)s) as price
        on price.provider_slug = series.provider
        and price.gpu_model_id = series.gpu_model_id
        and price.pricing_type = series.pricing_type
        and (series.gpu_count is null or price.gpu_count = series.gpu_count)
        and (
            series.region = ''
            or price.region = series.region
            or (price.region = '' and series.region = any(price.available_regions))
        )
    where price.is_ranked or price.is_disputed
    order by
        series.source, series.provider, series.gpu_model_id, series.pricing_type, series.region, series.gpu_count,
        price.price_per_gpu_hour, price.instance_type, price.region
),

compared as materialized (
    select
        ours.*,
        theirs.price as reading_price,
        theirs.observed_at as reading_observed_at
    from standing as ours
    cross join lateral (
        select
            reading.price,
            reading.observed_at
        from unnest(ours.reading_prices, ours.reading_times) as reading (price, observed_at)
        where reading.observed_at between ours.last_confirmed_at - make_interval(days => %(days)s)
            and ours.last_confirmed_at + make_interval(days => %(days)s)
        order by
            greatest(reading.observed_at - ours.last_confirmed_at, ours.last_confirmed_at - reading.observed_at),
            reading.observed_at desc,
            reading.price
        limit 1
    ) as theirs
),

apart as (
    select *
    from compared
    where abs(reading_price / price_per_gpu_hour - 1) > %(apart)s
),

noted as (
    insert into cloudgpus.disagreements as known (
        provider_id,
        gpu_model_id,
        pricing_type,
        region,
        gpu_count,
        reading_source,
        instance_type,
        instance_region,
        price_per_gpu_hour,
        observed_at,
        source_url,
        reading_price_per_gpu_hour,
        reading_observed_at,
        reading_url,
        reading_licence,
        first_seen_run,
        last_seen
    )
    select
        apart.provider_id,
        apart.gpu_model_id,
        apart.pricing_type,
        apart.region,
        apart.gpu_count,
        apart.source,
        apart.instance_type,
        apart.instance_region,
        apart.price_per_gpu_hour,
        apart.last_confirmed_at,
        apart.source_url,
        apart.reading_price,
        apart.reading_observed_at,
        apart.url,
        apart.licence,
        %(run_id)s,
        %(as_of)s
    from apart
    on conflict on constraint disagreements_series do update set
        instance_type = excluded.instance_type,
        instance_region = excluded.instance_region,
        price_per_gpu_hour = excluded.price_per_gpu_hour,
        observed_at = excluded.observed_at,
        source_url = excluded.source_url,
        reading_price_per_gpu_hour = excluded.reading_price_per_gpu_hour,
        reading_observed_at = excluded.reading_observed_at,
        reading_url = excluded.reading_url,
        reading_licence = excluded.reading_licence,
        first_seen_run = case known.state when 'settled' then excluded.first_seen_run else known.first_seen_run end,
        last_seen = excluded.last_seen,
        state = case
            when abs(excluded.price_per_gpu_hour / known.judged_price_per_gpu_hour - 1) <= %(apart)s
                and abs(excluded.reading_price_per_gpu_hour / known.judged_reading_price_per_gpu_hour - 1) <= %(apart)s
                then 'judged'
            else 'open'
        end
    returning known.state, known.first_seen_run
),

settled as (
    update cloudgpus.disagreements as known
    set state = 'settled'
    where known.state <> 'settled'
        and not exists (
            select
            from apart
            where apart.provider_id = known.provider_id
                and apart.gpu_model_id = known.gpu_model_id
                and apart.pricing_type = known.pricing_type
                and apart.region = known.region
                and apart.gpu_count is not distinct from known.gpu_count
                and apart.source = known.reading_source
        )
    returning known.id
)

select
    (select count(*) from compared)::integer as compared,
    (select count(*) from noted)::integer as apart,
    (select count(*) from noted where first_seen_run = %(run_id)s)::integer as new,
    (select count(*) from noted where state = 'open')::integer as open,
    (select count(*) from settled)::integer as settled;
