-- Every GPU in use, as lists and neighbourhoods need it, and whether it has a page: an offer, or prices from earlier.
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
    or exists (select from market_days as market where market.gpu_model_id = gpu.id) as is_known
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
