-- What each offer cost day by day, kept for good, and the series that are read from it.
--
-- A closed price is added to the days it stood by the write that closes it; a price that stands is read through from
-- its segment and its confirmation, so seeing it again writes nothing here.

-- Trends no longer read history, so its indexes are for looking at a stretch of it. Ascending, since time only goes on:
-- a new entry fills the page it falls on, where a descending index would leave every page half empty behind it.
drop index cloudgpus.idx_price_history_gpu_agg;
create index idx_price_history_gpu_agg on cloudgpus.price_history (gpu_model_id, recorded_at)
    include (price_per_gpu_hour);

drop index cloudgpus.idx_price_history_provider_time;
create index idx_price_history_provider_time on cloudgpus.price_history (provider_id, recorded_at);

drop index cloudgpus.idx_price_history_instance_time;
create index idx_price_history_instance_time on cloudgpus.price_history (instance_id, recorded_at);

create table cloudgpus.price_series (
    id integer generated always as identity primary key,
    instance_id uuid not null references cloudgpus.instances (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    gpu_share numeric(6,4) not null,
    currency varchar(3) not null,
    is_spot boolean not null,

    constraint price_series_unique unique (instance_id, is_spot, gpu_model_id, currency, gpu_share)
);

create index idx_price_series_gpu on cloudgpus.price_series (gpu_model_id);

comment on table cloudgpus.price_series is
    'What a daily price is of: an offer, on demand or spot, of one GPU and in one currency. Live observations only';

create table cloudgpus.price_daily (
    series_id integer not null references cloudgpus.price_series (id) on delete restrict,
    day date not null,
    through date not null,
    covered_ms integer not null,
    mean numeric(16,6) not null,
    minimum numeric(16,6),
    maximum numeric(16,6),
    close numeric(16,6),

    primary key (series_id, day),
    constraint price_daily_in_order check (through >= day),
    constraint price_daily_covered check (covered_ms > 0 and covered_ms <= 86400000)
);

create index idx_price_daily_through on cloudgpus.price_daily (through);

comment on table cloudgpus.price_daily is
    'Run lengths of days (at UTC): the figures of one day, then how long its last price went on for whole, unchanged days. '
    'Per GPU and hour, in the currency of the series; kept for good. Maintained by triggers on price_history';
comment on column cloudgpus.price_daily.through is
    'The last of the days after day that were covered whole by the price that day closed at; day itself where there is none';
comment on column cloudgpus.price_daily.covered_ms is 'For how much of day a price is known; of 86,400,000 milliseconds';
comment on column cloudgpus.price_daily.mean is 'Of day, weighted by the time each price stood';
comment on column cloudgpus.price_daily.minimum is 'Of day; null, like maximum and close, where the day had one price, the mean';
comment on column cloudgpus.price_daily.close is 'The last price of day, and of the days through';

create function cloudgpus.utc_day(at timestamptz) returns date
language sql
immutable
parallel safe
as $$
    select (at at time zone 'UTC')::date
$$;

comment on function cloudgpus.utc_day(timestamptz) is 'The day of an instant, at UTC';

create function cloudgpus.ms_into_day(at timestamptz, day date) returns integer
language sql
immutable
parallel safe
as $$
    select least(greatest(floor(date_part('epoch', at - (day::timestamp at time zone 'UTC')) * 1000), 0), 86400000)::integer
$$;

comment on function cloudgpus.ms_into_day(timestamptz, date) is
    'Milliseconds from the beginning of a day (at UTC) to an instant; 0 before it, 86,400,000 after it';

create function cloudgpus.per_gpu(
    currency text,
    in_usd numeric,
    original numeric,
    gpu_count smallint,
    gpu_share numeric
) returns numeric
language sql
immutable
parallel safe
as $$
    select round(case when currency = 'USD' then in_usd else original end / (gpu_count * gpu_share), 6)
$$;

comment on function cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric) is
    'An instance''s price, as charged in its currency, for one GPU';

-- For what is written out of order: an older observation, a migrated history, a correction by hand.
create function cloudgpus.recompute_price_daily(instances uuid[], firsts date[], lasts date[]) returns void
language plpgsql
set enable_nestloop = on
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

comment on function cloudgpus.recompute_price_daily(uuid[], date[], date[]) is
    'Makes the daily prices of each offer from the first day to the last anew, from the closed segments of price_history';

-- Its plans are made once a session, maybe for one row; without nested loops they suit thousands as well.
create function cloudgpus.roll_up_closed_prices() returns trigger
language plpgsql
set enable_nestloop = off
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
            series.id
        from amounts
        left join cloudgpus.price_series as series
            on series.instance_id = amounts.instance_id
            and series.is_spot = amounts.is_spot
            and series.gpu_model_id = amounts.gpu_model_id
            and series.currency = amounts.currency
            and series.gpu_share = amounts.gpu_share
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

    if ids is not null then
        perform cloudgpus.recompute_price_daily(ids, firsts, lasts);
    end if;
    return null;
end $$;

comment on function cloudgpus.roll_up_closed_prices() is
    'Adds each price that ended to the daily prices of its offer; what is rewritten otherwise, its days are made anew';

create function cloudgpus.join_price_runs(series integer[], days date[]) returns void
language sql
set enable_nestloop = on
as $$
    with joined as (
        select
            next.series_id,
            next.day,
            next.through,
            previous.day as from_day
        from unnest(series, days) as whole (series_id, day)
        inner join cloudgpus.price_daily as next
            on next.series_id = whole.series_id
            and next.day = whole.day
        cross join lateral (
            select daily.day, daily.through, coalesce(daily.close, daily.mean) as close
            from cloudgpus.price_daily as daily
            where daily.series_id = whole.series_id
                and daily.day < whole.day
            order by daily.day desc
            limit 1
        ) as previous
        where previous.through = next.day - 1
            and previous.close = next.mean
    ),

    gone as (
        delete from cloudgpus.price_daily as daily
        using joined
        where daily.series_id = joined.series_id
            and daily.day = joined.day
    )

    update cloudgpus.price_daily as daily
    set through = joined.through
    from joined
    where daily.series_id = joined.series_id
        and daily.day = joined.from_day
$$;

comment on function cloudgpus.join_price_runs(integer[], date[]) is
    'Joins each of these whole days of one price with the run before it, where that closed at the same price';

create function cloudgpus.roll_up_written_prices() returns trigger
language plpgsql
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

comment on function cloudgpus.roll_up_written_prices() is
    'Makes the days anew of prices that came into history closed, and of those taken out of it';

create trigger roll_up_price_history
    after update on cloudgpus.price_history
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.roll_up_closed_prices();

create trigger roll_up_price_history_insert
    after insert on cloudgpus.price_history
    referencing new table as written_rows
    for each statement execute function cloudgpus.roll_up_written_prices();

create trigger roll_up_price_history_delete
    after delete on cloudgpus.price_history
    referencing old table as written_rows
    for each statement execute function cloudgpus.roll_up_written_prices();

create function cloudgpus.price_day_parts(first date, last date, as_of timestamptz) returns table (
    instance_id uuid,
    gpu_model_id uuid,
    gpu_share numeric,
    currency varchar,
    is_spot boolean,
    day date,
    covered_ms integer,
    mean numeric,
    minimum numeric,
    maximum numeric,
    close numeric,
    is_open boolean
)
language sql
stable
parallel safe
as $$
    select
        series.instance_id,
        series.gpu_model_id,
        series.gpu_share,
        series.currency,
        series.is_spot,
        greatest(daily.day, first) + later.days,
        case when greatest(daily.day, first) + later.days = daily.day then daily.covered_ms else 86400000 end,
        case
            when greatest(daily.day, first) + later.days = daily.day then daily.mean
            else coalesce(daily.close, daily.mean)
        end,
        case when greatest(daily.day, first) + later.days = daily.day then daily.minimum end,
        case when greatest(daily.day, first) + later.days = daily.day then daily.maximum end,
        coalesce(daily.close, daily.mean),
        false
    from cloudgpus.price_series as series
    -- The run that the first day falls into may have begun long before.
    cross join lateral (
        select coalesce(max(earlier.day), first) as day
        from cloudgpus.price_daily as earlier
        where earlier.series_id = series.id
            and earlier.day <= first
    ) as begun
    inner join cloudgpus.price_daily as daily
        on daily.series_id = series.id
        and daily.day >= begun.day
        and daily.day <= least(last, cloudgpus.utc_day(as_of))
        and daily.through >= first
    cross join lateral generate_series(
        0,
        least(daily.through, last, cloudgpus.utc_day(as_of)) - greatest(daily.day, first)
    ) as later (days)
    union all
    select
        standing.instance_id,
        standing.gpu_model_id,
        standing.gpu_share,
        standing.currency,
        price.is_spot,
        standing.first + later.days,
        cloudgpus.ms_into_day(standing.until, standing.first + later.days)
            - cloudgpus.ms_into_day(standing.since, standing.first + later.days),
        price.amount,
        null,
        null,
        price.amount,
        true
    from (
        select
            segment.instance_id,
            segment.gpu_model_id,
            segment.gpu_share,
            segment.currency,
            segment.gpu_count,
            segment.price_per_hour,
            segment.original_price_per_hour,
            segment.price_per_hour_spot,
            segment.original_price_per_hour_spot,
            segment.recorded_at as since,
            seen.until,
            greatest(cloudgpus.utc_day(segment.recorded_at), first) as first,
            least(cloudgpus.utc_day(seen.until - interval '1 microsecond'), last) as last
        from cloudgpus.price_history as segment
        inner join cloudgpus.providers as provider on provider.id = segment.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = segment.instance_id
        cross join lateral (
            select
                least(
                    coalesce(confirmation.last_confirmed_at, segment.recorded_at) + class.maximum_gap,
                    as_of + interval '1 second'
                ) as until
        ) as seen
        where segment.valid_to is null
            and segment.is_active
            and not segment.is_recorded
            and segment.recorded_at <= as_of
            and seen.until > segment.recorded_at
    ) as standing
    cross join lateral (
        values
            (
                false,
                cloudgpus.per_gpu(
                    standing.currency,
                    standing.price_per_hour,
                    standing.original_price_per_hour,
                    standing.gpu_count,
                    standing.gpu_share
                )
            ),
            (
                true,
                cloudgpus.per_gpu(
                    standing.currency,
                    standing.price_per_hour_spot,
                    standing.original_price_per_hour_spot,
                    standing.gpu_count,
                    standing.gpu_share
                )
            )
    ) as price (is_spot, amount)
    cross join lateral generate_series(0, standing.last - standing.first) as later (days)
    where price.amount is not null
$$;

comment on function cloudgpus.price_day_parts(date, date, timestamptz) is
    'What the days from first to last are made of, per offer: the closed prices of each day, and the standing one up to '
    'as_of. Per GPU and hour, in the currency charged';

create function cloudgpus.day_rates(first date, last date) returns table (
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
    'US dollars for a unit of each currency in use on each day: the newest rate of that day or before it';

create function cloudgpus.daily_prices(first date, last date, as_of timestamptz) returns table (
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
    'What each offer cost on each day (at UTC), per GPU and hour, in US dollars at that day''s rate: mean weighted by time, '
    'minimum, maximum, close, and the share of the day (0 to 1) for which a price is known. Live observations only';

create function cloudgpus.provider_days(first date, last date, as_of timestamptz) returns table (
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
    'The cheapest of each provider''s complete, whole-GPU offers of each GPU, day by day: daily means in US dollars per GPU '
    'and hour, the number of its offers, and the share of the day for which the best watched one''s price is known';

alter table cloudgpus.price_series enable row level security;
alter table cloudgpus.price_daily enable row level security;

do $$
declare
    guarded text;
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role' and not rolbypassrls) then
        foreach guarded in array array['price_series', 'price_daily'] loop
            execute format('create policy service on cloudgpus.%I to service_role using (true) with check (true)', guarded);
        end loop;
    end if;
end $$;

revoke execute on function
    cloudgpus.utc_day(timestamptz),
    cloudgpus.ms_into_day(timestamptz, date),
    cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric),
    cloudgpus.recompute_price_daily(uuid[], date[], date[]),
    cloudgpus.roll_up_closed_prices(),
    cloudgpus.roll_up_written_prices(),
    cloudgpus.join_price_runs(integer[], date[]),
    cloudgpus.price_day_parts(date, date, timestamptz),
    cloudgpus.day_rates(date, date),
    cloudgpus.daily_prices(date, date, timestamptz),
    cloudgpus.provider_days(date, date, timestamptz)
from public;

-- What history has so far.
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

insert into cloudgpus.schema_migrations (id) values ('0012_daily_prices');
