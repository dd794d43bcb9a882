create or replace function cloudgpus.settle_market(as_of timestamptz) returns integer
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    since date;
    settled integer;
begin
    select before
    into since
    from cloudgpus.market_settled
    for update;

    if since = '-infinity' then
        select least(min(daily.day), min(standing.day))
        into since
        from (select min(day) as day from cloudgpus.price_daily) as daily
        cross join (
            select min(cloudgpus.utc_day(recorded_at)) as day
            from cloudgpus.price_history
            where valid_to is null
        ) as standing;
    end if;

    -- Without a rate on or before its day an amount is converted at the newest rate, which changes: such days are not stored.
    if since is null
        or since >= cloudgpus.utc_day(as_of)
        or exists (
            select
            from cloudgpus.price_series as series
            where series.currency <> 'USD'
                and not exists (
                    select
                    from cloudgpus.exchange_rates as stated
                    where stated.currency = series.currency::char(3)
                        and stated.rate_date <= since
                )
        )
        or exists (
            select
            from cloudgpus.instances as offer
            where offer.currency <> 'USD'
                and not exists (
                    select
                    from cloudgpus.exchange_rates as stated
                    where stated.currency = offer.currency::char(3)
                        and stated.rate_date <= since
                )
        )
    then
        return 0;
    end if;

    with computed as materialized (
        select day, gpu_model_id, floor, median, providers_n
        from cloudgpus.compute_market_days(since, cloudgpus.utc_day(as_of) - 1, as_of)
    ),

    gone as (
        delete from cloudgpus.market_days as kept
        where kept.day >= since
            and not exists (
                select
                from computed
                where computed.day = kept.day and computed.gpu_model_id = kept.gpu_model_id
            )
    ),

    written as (
        insert into cloudgpus.market_days as kept (day, gpu_model_id, floor, median, providers_n)
        select day, gpu_model_id, floor, median, providers_n
        from computed
        order by
            day,
            gpu_model_id
        on conflict (day, gpu_model_id) do update
        set
            floor = excluded.floor,
            median = excluded.median,
            providers_n = excluded.providers_n
        where (kept.floor, kept.median, kept.providers_n)
            <> (excluded.floor, excluded.median, excluded.providers_n)
    )

    select count(*)
    into settled
    from computed;

    update cloudgpus.market_settled set before = cloudgpus.utc_day(as_of);
    return settled;
end $$;

comment on function cloudgpus.settle_market(timestamptz) is
    'Compute and store the days that are over at as_of and not settled yet; how many rows that made';
