-- Every GPU in use, as lists and neighbourhoods need it; whether it has a page: an offer, or prices from earlier; and whether
-- there are days enough for a price index.
-- params: as_of (timestamptz)
-- row: ListedGpuRow (US dollars per GPU-hour, on demand)
select
    gpu.slug,
    gpu.short_name,
    gpu.kind,
    gpu.chip,
    gpu.manufacturer,
    gpu.is_datacenter,
    gpu.is_consumer,
    gpu.vram_gb,
    gpu.fp16_tflops,
    coalesce(shown.offers_n, 0) as offers_n,
    coalesce(figures.providers_n, 0) as providers_n,
    coalesce(spot.providers_n, 0) as spot_providers_n,
    figures.floor,
    figures.median,
    shown.offers_n is not null
    or exists (
        select
        from reference_history as reading
        where reading.gpu_model_id = gpu.id
            and reading.pricing_type = 'on_demand'
            and reading.price_basis = 'complete'
            and reading.observed_at <= %(as_of)s
    )
    or exists (select from market_days as market where market.gpu_model_id = gpu.id) as is_known,
    -- "offset 29" is there where the thirtieth is.
    exists (
        select
        from market_days as market
        where market.gpu_model_id = gpu.id
            and market.providers_n >= 3
        offset 29
    )
    or exists (
        select
        from reference_history as reading
        where reading.gpu_model_id = gpu.id
            and reading.pricing_type = 'on_demand'
            and reading.price_basis = 'complete'
            and reading.observed_at <= %(as_of)s
        group by
            reading.source_id,
            utc_day(reading.observed_at)
        having count(distinct reading.provider) >= 3
        offset 29
    ) as has_index_days
from gpu_models as gpu
left join gpu_offers as shown on shown.gpu_model_id = gpu.id
left join gpu_figures as figures
    on figures.gpu_model_id = gpu.id
    and figures.pricing_type = 'on_demand'
    and figures.segment = ''
left join gpu_figures as spot
    on spot.gpu_model_id = gpu.id
    and spot.pricing_type = 'spot'
    and spot.segment = ''
where gpu.is_active
order by gpu.slug;
