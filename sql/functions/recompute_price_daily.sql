-- For history that is written out of order: an older observation, an adopted history, a correction by hand.
create or replace function cloudgpus.recompute_price_daily(instances uuid[], firsts date[], lasts date[]) returns void
language plpgsql
set enable_nestloop = on
set search_path = cloudgpus, pg_temp
as $$
declare
    known cloudgpus.price_daily[];
begin
    perform cloudgpus.unsettle_market(min(first))
    from unnest(firsts) as first;

    -- What was written may extend a price beyond the last day, or cut it short.
    select array_agg(given.last + ceil(date_part('epoch', class.maximum_gap) / 86400)::integer order by given.number)
    into lasts
    from unnest(instances, lasts) with ordinality as given (instance_id, last, number)
    inner join cloudgpus.instances as offer on offer.id = given.instance_id
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    inner join cloudgpus.source_classes as class on class.source_class = provider.source_class;

    -- The days beside each window are included: their runs may join with its own.
    with windows as (
        select
            given.instance_id,
            min(given.first) as first,
            max(given.last) as last
        from unnest(instances, firsts, lasts) as given (instance_id, first, last)
        group by given.instance_id
    ),

    gone as (
        delete from cloudgpus.price_daily as daily
        using windows, cloudgpus.price_series as series
        where series.instance_id = windows.instance_id
            and daily.series_id = series.id
            and daily.day <= windows.last + 1
            and daily.through >= windows.first - 1
        returning daily.*
    )

    select array_agg(row(gone.*)::cloudgpus.price_daily)
    into known
    from gone;

    insert into cloudgpus.price_series (instance_id, gpu_model_id, gpu_share, currency, is_spot)
    select distinct
        segment.instance_id,
        segment.gpu_model_id,
        segment.gpu_share,
        segment.currency,
        price.is_spot
    from unnest(instances, firsts, lasts) as given (instance_id, first, last)
    inner join cloudgpus.price_history as segment on segment.instance_id = given.instance_id
    cross join lateral (
        values
            (false, segment.price_per_hour),
            (true, segment.price_per_hour_spot)
    ) as price (is_spot, amount)
    where segment.is_active and cloudgpus.is_rentable(segment.availability_status)
        and not segment.is_recorded
        and segment.valid_to is not null
        and segment.recorded_at < (given.last + 1)::timestamp at time zone 'UTC'
        and price.amount is not null
    on conflict on constraint price_series_unique do nothing;

    with windows as materialized (
        select
            given.instance_id,
            min(given.first) as first,
            max(given.last) as last
        from unnest(instances, firsts, lasts) as given (instance_id, first, last)
        group by given.instance_id
    ),

    stood as materialized (
        select
            segment.instance_id,
            segment.gpu_model_id,
            segment.gpu_share,
            segment.currency,
            (select price_ends from (select segment.*) as own) as price_ends,
            greatest(segment.recorded_at, windows.first::timestamp at time zone 'UTC') as since,
            least(
                case
                    when segment.valid_to > segment.last_confirmed_at
                        then least(segment.valid_to, segment.last_confirmed_at + class.maximum_gap)
                    else cloudgpus.carried_until(
                        segment.id,
                        segment.instance_id,
                        segment.recorded_at,
                        segment.valid_to,
                        class.maximum_gap
                    )
                end,
                (windows.last + 1)::timestamp at time zone 'UTC'
            ) as until,
            cloudgpus.per_gpu(
                segment.currency,
                segment.price_per_hour,
                segment.original_price_per_hour,
                segment.gpu_count,
                segment.gpu_share
            ) as on_demand,
            cloudgpus.per_gpu(
                segment.currency,
                segment.price_per_hour_spot,
                segment.original_price_per_hour_spot,
                segment.gpu_count,
                segment.gpu_share
            ) as spot
        from windows
        inner join cloudgpus.price_history as segment on segment.instance_id = windows.instance_id
        inner join cloudgpus.providers as provider on provider.id = segment.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        -- The migration that first calls this knows no ends yet: then price_ends above is this one.
        cross join (values ('{}'::jsonb)) as unknown (price_ends)
        where segment.is_active and cloudgpus.is_rentable(segment.availability_status)
            and not segment.is_recorded
            and segment.last_confirmed_at + class.maximum_gap > windows.first::timestamp at time zone 'UTC'
            and segment.recorded_at < (windows.last + 1)::timestamp at time zone 'UTC'
    ),

    amounts as materialized (
        select
            stood.instance_id,
            stood.gpu_model_id,
            stood.gpu_share,
            stood.currency,
            stood.since,
            ended.until,
            price.is_spot,
            price.amount
        from stood
        cross join lateral (
            values (false, 'price_per_hour', stood.on_demand), (true, 'price_per_hour_spot', stood.spot)
        ) as price (is_spot, price_column, amount)
        cross join lateral (
            select least(stood.until, (stood.price_ends ->> price.price_column)::timestamptz) as until
        ) as ended
        where price.amount is not null
            and ended.until > stood.since
    ),

    stretches as materialized (
        select
            series.id as series_id,
            amounts.amount,
            amounts.since,
            amounts.until,
            cloudgpus.utc_day(amounts.since) as first,
            cloudgpus.utc_day(amounts.until - interval '1 microsecond') as last
        from amounts
        inner join cloudgpus.price_series as series
            on series.instance_id = amounts.instance_id
            and series.is_spot = amounts.is_spot
            and series.gpu_model_id = amounts.gpu_model_id
            and series.currency = amounts.currency
            and series.gpu_share = amounts.gpu_share
    ),

    -- The days on which a price began or ended, one by one; those in between as runs.
    ends as (
        select
            series_id,
            amount,
            since,
            first as day,
            cloudgpus.ms_into_day(until, first) - cloudgpus.ms_into_day(since, first) as ms
        from stretches
        union all
        select
            series_id,
            amount,
            since,
            last,
            cloudgpus.ms_into_day(until, last)
        from stretches
        where last > first
    ),

    found as (
        select
            series_id,
            day,
            day as through,
            least(sum(ms), 86400000)::integer as covered_ms,
            round(sum(amount * ms) / sum(ms), 6) as mean,
            case when min(amount) < max(amount) then min(amount) end as minimum,
            case when min(amount) < max(amount) then max(amount) end as maximum,
            case when min(amount) < max(amount) then (array_agg(amount order by since desc))[1] end as close
        from ends
        where ms > 0
        group by
            series_id,
            day
        union all
        select series_id, first + 1, last - 1, 86400000, amount, null, null, null
        from stretches
        where last > first + 1
        union all
        -- The days before and after the window stay.
        select
            before.series_id,
            before.day,
            least(before.through, windows.first - 1),
            before.covered_ms,
            before.mean,
            before.minimum,
            before.maximum,
            before.close
        from unnest(known) as before
        inner join cloudgpus.price_series as of on of.id = before.series_id
        inner join windows on windows.instance_id = of.instance_id
        where before.day < windows.first
        union all
        select
            past.series_id,
            past.day,
            past.through,
            past.covered_ms,
            past.mean,
            past.minimum,
            past.maximum,
            past.close
        from unnest(known) as past
        inner join cloudgpus.price_series as of on of.id = past.series_id
        inner join windows on windows.instance_id = of.instance_id
        where past.day > windows.last
        union all
        select past.series_id, windows.last + 1, past.through, 86400000, coalesce(past.close, past.mean), null, null, null
        from unnest(known) as past
        inner join cloudgpus.price_series as of on of.id = past.series_id
        inner join windows on windows.instance_id = of.instance_id
        where past.day <= windows.last
            and past.through > windows.last
    ),

    beginning as (
        select
            found.*,
            not coalesce(
                found.covered_ms = 86400000
                and found.minimum is null
                and lag(found.through) over in_order = found.day - 1
                and lag(coalesce(found.close, found.mean)) over in_order = found.mean,
                false
            ) as begins
        from found
        window in_order as (partition by found.series_id order by found.day)
    ),

    numbered as (
        select
            beginning.*,
            count(*) filter (where beginning.begins) over (partition by beginning.series_id order by beginning.day) as run
        from beginning
    ),

    joined as (
        select
            numbered.*,
            max(numbered.through) over (partition by numbered.series_id, numbered.run) as run_through
        from numbered
    )

    insert into cloudgpus.price_daily (series_id, day, through, covered_ms, mean, minimum, maximum, close)
    select
        series_id,
        day,
        run_through,
        covered_ms,
        mean,
        minimum,
        maximum,
        close
    from joined
    where begins
    order by
        series_id,
        day;
end $$;

comment on function cloudgpus.recompute_price_daily(uuid[], date[], date[]) is
    'Recompute the daily prices of each offer from its first day to its last, from the ended segments of price_history';
