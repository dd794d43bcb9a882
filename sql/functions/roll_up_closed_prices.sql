-- Planned once a session, maybe for one row or on empty tables: a plan for thousands of rows does for one too. Series
-- are looked up one by one in their index; all else is joined by hash.
create or replace function cloudgpus.roll_up_closed_prices() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_seqscan = off
set enable_nestloop = off
set enable_hashjoin = on
as $$
declare
    ids uuid[];
    firsts date[];
    lasts date[];
    whole_series integer[];
    whole_days date[];
begin
    -- Until its last confirmation an ended price counts as it did while it was current.
    perform cloudgpus.unsettle_market(min(cloudgpus.utc_day(coalesce(last_confirmed_at, recorded_at))))
    from new_rows;

    -- The usual case: a current price has ended. It is the last of its offer, so its first day is added to what that day
    -- has already, the whole days after it continue that run, and the last part is a day of its own.
    with stood as materialized (
        select
            segment.instance_id,
            segment.gpu_model_id,
            segment.gpu_share,
            segment.currency,
            segment.price_ends,
            segment.recorded_at as since,
            least(segment.valid_to, segment.last_confirmed_at + class.maximum_gap) as until,
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
        from new_rows as segment
        inner join old_rows as previous on previous.id = segment.id
        inner join cloudgpus.providers as provider on provider.id = segment.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        where previous.valid_to is null
            and segment.valid_to > segment.last_confirmed_at
            and segment.is_active and cloudgpus.is_rentable(segment.availability_status)
            and not segment.is_recorded
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

    known as materialized (
        select
            amounts.*,
            (
                select series.id
                from cloudgpus.price_series as series
                where series.instance_id = amounts.instance_id
                    and series.is_spot = amounts.is_spot
                    and series.gpu_model_id = amounts.gpu_model_id
                    and series.currency = amounts.currency
                    and series.gpu_share = amounts.gpu_share
            ) as id
        from amounts
    ),

    made as (
        insert into cloudgpus.price_series (instance_id, gpu_model_id, gpu_share, currency, is_spot)
        select instance_id, gpu_model_id, gpu_share, currency, is_spot
        from known
        where id is null
        returning id, instance_id, is_spot
    ),

    stretches as materialized (
        select
            coalesce(known.id, made.id) as series_id,
            known.amount,
            known.since,
            known.until,
            cloudgpus.utc_day(known.since) as first,
            cloudgpus.utc_day(known.until) as last
        from known
        left join made
            on made.instance_id = known.instance_id
            and made.is_spot = known.is_spot
            and known.id is null
    ),

    pieces as (
        select
            series_id,
            first as day,
            greatest(first, last - 1) as through,
            cloudgpus.ms_into_day(until, first) - cloudgpus.ms_into_day(since, first) as ms,
            amount
        from stretches
        union all
        select
            series_id,
            last,
            last,
            cloudgpus.ms_into_day(until, last),
            amount
        from stretches
        where last > first
    ),

    written as (
        insert into cloudgpus.price_daily as known (series_id, day, through, covered_ms, mean)
        select series_id, day, through, ms, amount
        from pieces
        where ms > 0
        order by
            series_id,
            day
        on conflict (series_id, day) do update set
            through = excluded.through,
            covered_ms = least(known.covered_ms + excluded.covered_ms, 86400000),
            mean = round(
                (known.mean * known.covered_ms + excluded.mean * excluded.covered_ms)
                / (known.covered_ms + excluded.covered_ms),
                6
            ),
            minimum = case
                when known.minimum is not null or known.mean <> excluded.mean
                    then least(known.minimum, known.mean, excluded.mean)
            end,
            maximum = case
                when known.minimum is not null or known.mean <> excluded.mean
                    then greatest(known.maximum, known.mean, excluded.mean)
            end,
            close = case when known.minimum is not null or known.mean <> excluded.mean then excluded.mean end
        returning series_id, day, covered_ms, minimum
    )

    select
        array_agg(series_id),
        array_agg(day)
    into whole_series, whole_days
    from written
    where covered_ms = 86400000
        and minimum is null;

    -- A price that ended and began again unchanged (only its availability changed, say) is one run.
    if whole_series is not null then
        perform cloudgpus.join_price_runs(whole_series, whole_days);
    end if;

    -- All else: rewritten segments, and prices that were not seen to end. Their days, old and new, are recomputed.
    if exists (select from new_rows where valid_to = last_confirmed_at)
        or exists (select from old_rows where valid_to is not null)
    then
        select
            array_agg(segment.instance_id),
            array_agg(least(cloudgpus.utc_day(previous.recorded_at), cloudgpus.utc_day(segment.recorded_at))),
            array_agg(greatest(cloudgpus.utc_day(previous.valid_to), cloudgpus.utc_day(segment.valid_to)))
        into ids, firsts, lasts
        from new_rows as segment
        inner join old_rows as previous on previous.id = segment.id
        where (previous.valid_to is not null or segment.valid_to = segment.last_confirmed_at)
            and segment is distinct from previous
            and (previous.is_active or segment.is_active);
    end if;

    if ids is not null then
        perform cloudgpus.recompute_price_daily(ids, firsts, lasts);
    end if;
    return null;
end $$;

comment on function cloudgpus.roll_up_closed_prices() is
    'Add each price that ended to its offer''s daily prices; recompute the days of segments that were rewritten';
