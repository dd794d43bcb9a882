-- The newest finished build, and how true its prices are: how many providers it shows, how many of them have a fresh
-- price, and whether all prices are recorded.
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
)

select
    build.generation::text,
    build.as_of,
    build.site_url,
    coalesce(build.pages, 0) as pages,
    count(distinct offer.provider_id) as providers,
    count(distinct offer.provider_id) filter (where offer.freshness = 'fresh') as fresh_providers,
    coalesce(bool_and(offer.is_recorded), true) as is_all_recorded
from build
left join lateral offers_at(build.as_of) as offer on true
group by
    build.generation,
    build.as_of,
    build.site_url,
    build.pages;
