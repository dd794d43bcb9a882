-- Insert GPUs and providers with numbers for names, the same in both schemas.
-- params: gpus (integer), providers (integer)
-- row: none
with made as (
    insert into cloudgpus.gpu_models (slug, name, short_name, architecture, vram_gb, memory_type)
    select
        'gpu-' || number,
        'GPU ' || number,
        'GPU ' || number,
        'hopper',
        80,
        'HBM3'
    from generate_series(0, %(gpus)s::integer - 1) as number
)

insert into cloudgpus.providers (slug, name, display_name, provider_type, reliability_tier, website_url)
select
    'provider-' || number,
    'Provider ' || number,
    'Provider ' || number,
    'regional_cloud',
    'standard',
    'https://provider.example'
from generate_series(0, %(providers)s::integer - 1) as number;
