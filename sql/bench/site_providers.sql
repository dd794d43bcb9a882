-- Insert made-up providers, with the facts, texts and terms of the seeds' providers, and a region each.  The seeds' own
-- are retired.
-- params: members (integer), as_of (timestamptz)
-- row: none
with retired as (
    update cloudgpus.providers
    set is_active = false
    where is_active
),

models as (
    select
        provider.*,
        row_number() over (order by provider.slug) - 1 as place,
        count(*) over () as models_n
    from cloudgpus.providers as provider
    where provider.provider_type <> 'depin' -- one without the uptime that ranking asks for has no figures
),

copies as (
    select
        md5('provider ' || number)::uuid as copy_id,
        number,
        model.*
    from generate_series(0, %(members)s::integer - 1) as number
    inner join models as model on model.place = number %% model.models_n
),

made as (
    insert into cloudgpus.providers (
        id,
        slug,
        name,
        display_name,
        provider_type,
        reliability_tier,
        source_class,
        headquarters_country,
        founded_year,
        website_url,
        pricing_url,
        docs_url,
        has_public_api,
        sla_uptime_percent,
        supports_spot_instances,
        supports_reserved_instances,
        supports_bare_metal,
        min_billing_increment_seconds,
        description,
        pros,
        cons,
        best_for
    )
    select
        copy_id,
        slug || '-' || number,
        name || ' ' || number,
        display_name || ' ' || number,
        provider_type,
        reliability_tier,
        source_class,
        headquarters_country,
        founded_year,
        website_url,
        pricing_url,
        docs_url,
        has_public_api,
        sla_uptime_percent,
        supports_spot_instances,
        supports_reserved_instances,
        supports_bare_metal,
        min_billing_increment_seconds,
        description,
        pros,
        cons,
        best_for
    from copies
),

placed as (
    insert into cloudgpus.provider_regions (provider_id, region, name, country, continent)
    select
        copies.copy_id,
        place.region,
        place.name,
        place.country,
        place.continent
    from copies
    cross join (
        values
            ('us-east-1', 'Virginia', 'US', 'North America'),
            ('eu-central-1', 'Frankfurt', 'DE', 'Europe')
    ) as place (region, name, country, continent)
)

insert into cloudgpus.provider_terms (
    provider_id,
    field,
    qualifier,
    value,
    word,
    unit,
    currency,
    note,
    source_url,
    checked_on
)
select
    copies.copy_id,
    term.field,
    term.qualifier,
    term.value,
    term.word,
    term.unit,
    term.currency,
    term.note,
    term.source_url,
    least(term.checked_on, cloudgpus.utc_day(%(as_of)s))
from copies
inner join cloudgpus.provider_terms as term on term.provider_id = copies.id;
