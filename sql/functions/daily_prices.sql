create or replace function cloudgpus.daily_prices(first date, last date, as_of timestamptz) returns table (
    instance_id uuid,
    gpu_model_id uuid,
    gpu_share numeric,
    is_spot boolean,
    day date,
    covered_share numeric,
    mean numeric,
    minimum numeric,
    maximum numeric,
    close numeric
)
language sql
stable
parallel safe
as $$
    select
        part.instance_id,
        part.gpu_model_id,
        part.gpu_share,
        part.is_spot,
        part.day,
        round(least(sum(part.covered_ms), 86400000) / 86400000.0, 6),
        round(sum(part.mean * rate.usd_per_unit * part.covered_ms) / sum(part.covered_ms), 6),
        round(min(coalesce(part.minimum, part.mean) * rate.usd_per_unit), 6),
        round(max(coalesce(part.maximum, part.mean) * rate.usd_per_unit), 6),
        round((array_agg(part.close * rate.usd_per_unit order by part.is_open desc))[1], 6)
    from cloudgpus.price_day_parts(first, last, as_of) as part
    inner join cloudgpus.instances as offer on offer.id = part.instance_id
    left join cloudgpus.day_rates(first, last) as dated
        on dated.currency = part.currency
        and dated.day = part.day
    cross join lateral (select coalesce(dated.usd_per_unit, offer.exchange_rate) as usd_per_unit) as rate
    where part.covered_ms > 0
    group by
        part.instance_id,
        part.gpu_model_id,
        part.gpu_share,
        part.is_spot,
        part.day
$$;

comment on function cloudgpus.daily_prices(date, date, timestamptz) is
    'What each offer cost on each day (UTC), per GPU-hour, in US dollars at that day''s rate: mean weighted by time, '
    'minimum, maximum, close, and the share of the day (0 to 1) for which a price is known. Live observations only';
