-- The offers whose daily prices a rebuild changed; the last decimals of a mean may differ, by the order of addition.
-- params: none
-- row: RollupDifference (instance_type: of the offer; rows: daily prices that differed from history)
select
    provider.slug as provider_slug,
    offer.instance_type,
    offer.region,
    count(*) as rows
from (
    select
        coalesce(was.series_id, now.series_id) as series_id
    from pg_temp.rollup_before as was
    full join cloudgpus.price_daily as now
        on now.series_id = was.series_id
        and now.day = was.day
    where was.series_id is null
        or now.series_id is null
        or abs(was.mean - now.mean) > 0.0005
        or row(was.through, was.covered_ms, was.minimum, was.maximum, was.close)
            is distinct from row(now.through, now.covered_ms, now.minimum, now.maximum, now.close)
) as different
inner join cloudgpus.price_series as series on series.id = different.series_id
inner join cloudgpus.instances as offer on offer.id = series.instance_id
inner join cloudgpus.providers as provider on provider.id = offer.provider_id
group by
    provider.slug,
    offer.instance_type,
    offer.region
order by
    provider.slug,
    offer.instance_type,
    offer.region;
