create or replace function cloudgpus.provider_days(first date, last date, as_of timestamptz) returns table (
    gpu_model_id uuid,
    provider_id uuid,
    is_spot boolean,
    day date,
    floor numeric,
    offers_n integer,
    covered_share numeric
)
language sql
stable
parallel safe
as $$
    select
        offer_day.gpu_model_id,
        offer_day.provider_id,
        offer_day.is_spot,
        offer_day.day,
        min(offer_day.price),
        count(*)::integer,
        round(least(max(offer_day.covered_ms), 86400000) / 86400000.0, 6)
    from (
        select
            part.gpu_model_id,
            offer.provider_id,
            part.instance_id,
            part.is_spot,
            part.day,
            sum(part.covered_ms) as covered_ms,
            sum(part.mean * coalesce(dated.usd_per_unit, offer.exchange_rate) * part.covered_ms)
                / sum(part.covered_ms) as price
        from cloudgpus.price_day_parts(first, last, as_of) as part
        inner join cloudgpus.instances as offer on offer.id = part.instance_id
        left join cloudgpus.day_rates(first, last) as dated
            on dated.currency = part.currency
            and dated.day = part.day
        where part.covered_ms > 0
            and part.gpu_share = 1
            and offer.price_basis = 'complete'
        group by
            part.gpu_model_id,
            offer.provider_id,
            part.instance_id,
            part.is_spot,
            part.day
    ) as offer_day
    group by
        offer_day.gpu_model_id,
        offer_day.provider_id,
        offer_day.is_spot,
        offer_day.day
$$;

comment on function cloudgpus.provider_days(date, date, timestamptz) is
    'Each provider''s cheapest complete, whole-GPU offer of each GPU, day by day: daily mean in US dollars per GPU-hour, the '
    'number of its offers, and the largest share of the day for which the price of one is known';
