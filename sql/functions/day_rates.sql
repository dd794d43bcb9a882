create or replace function cloudgpus.day_rates(first date, last date) returns table (
    currency varchar,
    day date,
    usd_per_unit numeric
)
language sql
stable
parallel safe
as $$
    select
        used.currency,
        first + later.days,
        rate.usd_per_unit
    from (
        select currency from cloudgpus.price_series
        union
        select currency from cloudgpus.instances
    ) as used
    cross join lateral generate_series(0, last - first) as later (days)
    cross join lateral (
        select 1::numeric as usd_per_unit
        where used.currency = 'USD'
        union all
        (
            select stated.usd_per_unit
            from cloudgpus.exchange_rates as stated
            where stated.currency = used.currency::char(3)
                and stated.rate_date <= first + later.days
                and used.currency <> 'USD'
            order by stated.rate_date desc
            limit 1
        )
    ) as rate
$$;

comment on function cloudgpus.day_rates(date, date) is
    'US dollars per unit of each currency in use, day by day: the newest rate on or before the day';
