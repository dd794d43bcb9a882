-- The newest finished build, and how current its prices are: how many providers have offers, how many of them a fresh
-- price, and whether all prices shown are recorded.
-- params: none
-- row: LastBuild
with build as (
    select
        generation,
        as_of,
        site_url,
        pages
    from builds
    where completed_at is not null
    order by id desc
    limit 1
),

shown as (
    select
        count(distinct offer.provider_id) filter (where offer.freshness = 'fresh') as fresh_providers,
        coalesce(bool_and(offer.is_recorded), false) as is_all_recorded
    from build
    cross join lateral offers_at(build.as_of) as offer
),

offering as (
    select count(distinct i.provider_id) as providers
    from instances i
    join providers p on p.id = i.provider_id
    where i.is_active
      and p.is_active
)

select
    build.generation::text,
    build.as_of,
    build.site_url,
    coalesce(build.pages, 0) as pages,
    offering.providers,
    shown.fresh_providers,
    shown.is_all_recorded
from build
cross join offering
cross join shown;
