drop function cloudgpus.end_price_segments(uuid[], timestamptz[]);

create function cloudgpus.end_price_segments(ids uuid[], seen timestamptz[]) returns timestamptz[]
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_seqscan = off
set enable_nestloop = off
set enable_hashjoin = on
as $$
declare
    since timestamptz[];
begin
    with changed as materialized (
        select
            given.id,
            given.number,
            greatest(given.seen, confirmation.last_confirmed_at) as changed_at,
            confirmation.last_confirmed_at as confirmed_at
        from unnest(ids, seen) with ordinality as given (id, seen, number)
        left join cloudgpus.confirmations as confirmation
            on confirmation.instance_id = given.id
            and confirmation.instance_id = any (ids)
    ),

    ended as (
        update cloudgpus.price_history as segment
        set
            valid_to = greatest(segment.recorded_at, changed.changed_at),
            last_confirmed_at = greatest(segment.recorded_at, changed.confirmed_at)
        from changed
        where segment.instance_id = changed.id
            and segment.instance_id = any (ids)
            and segment.valid_to is null
    )

    select array_agg(changed_at order by number)
    into since
    from changed;

    return since;
end $$;

comment on function cloudgpus.end_price_segments(uuid[], timestamptz[]) is
    'Ends the standing price of each offer when it was seen changed, or at its last confirmation where that is later; '
    'returns these instants, in the order of the offers';

revoke execute on function cloudgpus.end_price_segments(uuid[], timestamptz[]) from public;

create or replace function cloudgpus.record_price_history() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_nestloop = off
as $$
declare
    ids uuid[];
    seen timestamptz[];
    since timestamptz[];
    jobs uuid[];
    goes_on boolean[];
begin
    if tg_op = 'INSERT' then
        select array_agg(id), array_agg(last_scraped_at), array_agg(scrape_job_id)
        into ids, since, jobs
        from new_rows
        where is_active;

        perform cloudgpus.begin_price_segments(ids, since, jobs);
        return null;
    end if;

    -- What makes a change: the amounts as charged, what they are for, whether it is for rent.
    -- The old price ended when the new one was seen, or at its last confirmation where nothing new was seen.
    select
        array_agg(current.id),
        array_agg(current.last_scraped_at),
        array_agg(current.scrape_job_id),
        array_agg(current.is_active or current.last_scraped_at > previous.last_scraped_at)
    into ids, seen, jobs, goes_on
    from new_rows as current
    inner join old_rows as previous on previous.id = current.id
    where (current.is_active or previous.is_active)
        and (
            row(
                current.is_active,
                current.is_recorded,
                current.currency,
                current.availability_status,
                current.gpu_model_id,
                current.gpu_count,
                current.gpu_share
            ) <> row(
                previous.is_active,
                previous.is_recorded,
                previous.currency,
                previous.availability_status,
                previous.gpu_model_id,
                previous.gpu_count,
                previous.gpu_share
            )
            or (
                current.currency = 'USD'
                and row(
                    current.price_per_hour,
                    current.price_per_hour_spot,
                    current.price_per_month,
                    current.price_per_hour_reserved_1y,
                    current.price_per_hour_reserved_3y
                ) is distinct from row(
                    previous.price_per_hour,
                    previous.price_per_hour_spot,
                    previous.price_per_month,
                    previous.price_per_hour_reserved_1y,
                    previous.price_per_hour_reserved_3y
                )
            )
            or (
                current.currency <> 'USD'
                and row(
                    current.original_price_per_hour,
                    current.original_price_per_hour_spot,
                    current.original_price_per_month,
                    current.original_price_per_hour_reserved_1y,
                    current.original_price_per_hour_reserved_3y
                ) is distinct from row(
                    previous.original_price_per_hour,
                    previous.original_price_per_hour_spot,
                    previous.original_price_per_month,
                    previous.original_price_per_hour_reserved_1y,
                    previous.original_price_per_hour_reserved_3y
                )
            )
        );

    if ids is null then
        return null;
    end if;

    since := cloudgpus.end_price_segments(ids, seen);

    if not (true = all (goes_on)) then
        select array_agg(changed.id), array_agg(changed.since), array_agg(changed.job)
        into ids, since, jobs
        from unnest(ids, since, jobs, goes_on) as changed (id, since, job, goes_on)
        where changed.goes_on;
    end if;

    perform cloudgpus.begin_price_segments(ids, since, jobs);
    return null;
end $$;

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
    -- The usual case: a price that stood has ended. It is the last of its offer, so its first day is added to what that
    -- day has already, the whole days after it go on from there, and the rest is a day of its own.
    with stood as materialized (
        select
            segment.instance_id,
            segment.gpu_model_id,
            segment.gpu_share,
            segment.currency,
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
            and segment.valid_to > segment.recorded_at
            and segment.is_active
            and not segment.is_recorded
    ),

    amounts as materialized (
        select instance_id, gpu_model_id, gpu_share, currency, since, until, false as is_spot, on_demand as amount
        from stood
        where on_demand is not null and until > since
        union all
        select instance_id, gpu_model_id, gpu_share, currency, since, until, true, spot
        from stood
        where spot is not null and until > since
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

    -- A price that ended and went on the same (only its availability changed, say) is one run.
    if whole_series is not null then
        perform cloudgpus.join_price_runs(whole_series, whole_days);
    end if;

    -- Anything else that was changed: the days of before and of now are made anew.
    if exists (select from old_rows where valid_to is not null) then
        select
            array_agg(segment.instance_id),
            array_agg(least(cloudgpus.utc_day(previous.recorded_at), cloudgpus.utc_day(segment.recorded_at))),
            array_agg(greatest(cloudgpus.utc_day(previous.valid_to), cloudgpus.utc_day(segment.valid_to)))
        into ids, firsts, lasts
        from new_rows as segment
        inner join old_rows as previous on previous.id = segment.id
        where previous.valid_to is not null
            and segment is distinct from previous
            and (previous.is_active or segment.is_active);
    end if;

    if ids is not null then
        perform cloudgpus.recompute_price_daily(ids, firsts, lasts);
    end if;
    return null;
end $$;

create or replace function cloudgpus.roll_up_written_prices() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    ids uuid[];
    firsts date[];
    lasts date[];
begin
    select
        array_agg(segment.instance_id),
        array_agg(cloudgpus.utc_day(segment.recorded_at)),
        array_agg(cloudgpus.utc_day(segment.valid_to))
    into ids, firsts, lasts
    from written_rows as segment
    where segment.valid_to > segment.recorded_at
        and segment.is_active
        and not segment.is_recorded;

    if ids is not null then
        perform cloudgpus.recompute_price_daily(ids, firsts, lasts);
    end if;
    return null;
end $$;

create or replace function cloudgpus.recompute_price_daily(instances uuid[], firsts date[], lasts date[]) returns void
language plpgsql
set enable_nestloop = on
set search_path = cloudgpus, pg_temp
as $$
declare
    known cloudgpus.price_daily[];
begin
    -- With the days beside each window, whose runs may join with what it becomes.
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
    where segment.is_active
        and not segment.is_recorded
        and segment.valid_to > segment.recorded_at
        and segment.valid_to > given.first::timestamp at time zone 'UTC'
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
            greatest(segment.recorded_at, windows.first::timestamp at time zone 'UTC') as since,
            least(
                segment.valid_to,
                segment.last_confirmed_at + class.maximum_gap,
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
        where segment.is_active
            and not segment.is_recorded
            and segment.valid_to > segment.recorded_at
            and segment.valid_to > windows.first::timestamp at time zone 'UTC'
            and segment.recorded_at < (windows.last + 1)::timestamp at time zone 'UTC'
    ),

    amounts as materialized (
        select instance_id, gpu_model_id, gpu_share, currency, since, until, false as is_spot, on_demand as amount
        from stood
        where on_demand is not null and until > since
        union all
        select instance_id, gpu_model_id, gpu_share, currency, since, until, true, spot
        from stood
        where spot is not null and until > since
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

    -- The days on which a price began or ended, one by one; the ones between as runs.
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
        -- What lies before and after the window stays.
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

drop function cloudgpus.carried_until(uuid, uuid, timestamptz, timestamptz, interval);

-- The days of silence as they were kept before.
select
    cloudgpus.recompute_price_daily(
        array_agg(closed.instance_id),
        array_agg(closed.first),
        array_agg(closed.last)
    )
from (
    select
        instance_id,
        min(cloudgpus.utc_day(recorded_at)) as first,
        max(cloudgpus.utc_day(valid_to)) as last
    from cloudgpus.price_history
    where valid_to > recorded_at
        and is_active
        and not is_recorded
    group by instance_id
) as closed;

delete from cloudgpus.schema_migrations where id = '0022_silent_prices';
