-- The market of days that are over, kept: a trend reads one row for each GPU and day instead of one for each offer.

create table cloudgpus.market_days (
    day date not null,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    floor numeric(16,6) not null,
    median numeric(16,6) not null,
    providers_n integer not null,

    primary key (day, gpu_model_id)
);

comment on table cloudgpus.market_days is
    'Each GPU''s on-demand market on each day (at UTC) before market_settled.before; derived, and made anew where it may differ';
comment on column cloudgpus.market_days.floor is
    'The cheapest provider''s price: US dollars per GPU and hour, complete offers of whole GPUs, weighted by time';
comment on column cloudgpus.market_days.median is 'Of the providers'' cheapest prices';

create table cloudgpus.market_settled (
    before date not null,
    is_only boolean primary key default true check (is_only)
);

insert into cloudgpus.market_settled (before) values ('-infinity');

comment on table cloudgpus.market_settled is 'One row: market_days holds all days before this one';

alter table cloudgpus.market_days enable row level security;
alter table cloudgpus.market_settled enable row level security;

do $$
declare
    guarded text;
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        foreach guarded in array array['market_days', 'market_settled'] loop
            execute format('create policy service on cloudgpus.%I to service_role using (true) with check (true)', guarded);
        end loop;
    end if;
end $$;

create function cloudgpus.unsettle_market(since date) returns void
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.market_settled
    set before = since
    where before > since;
end $$;

comment on function cloudgpus.unsettle_market(date) is
    'What is known of this day and those after it may have changed: they are computed until they are settled again';

create function cloudgpus.compute_market_days(first date, last date, as_of timestamptz) returns table (
    day date,
    gpu_model_id uuid,
    floor numeric,
    median numeric,
    providers_n integer
)
language sql
stable
as $$
    select
        provider_day.day,
        provider_day.gpu_model_id,
        round(min(provider_day.floor), 6),
        round(percentile_cont(0.5) within group (order by provider_day.floor)::numeric, 6),
        count(*)::integer
    from cloudgpus.provider_days(first, last, as_of) as provider_day
    where not provider_day.is_spot
    group by
        provider_day.day,
        provider_day.gpu_model_id
$$;

comment on function cloudgpus.compute_market_days(date, date, timestamptz) is
    'Each GPU''s on-demand market day by day, from the daily prices: one vote per provider, its cheapest';

create function cloudgpus.market_days_at(first date, last date, as_of timestamptz) returns table (
    day date,
    gpu_model_id uuid,
    floor numeric,
    median numeric,
    providers_n integer
)
language plpgsql
stable
set search_path = cloudgpus, pg_temp
as $$
declare
    settled date;
begin
    select coalesce(least(min(before), cloudgpus.utc_day(as_of)), '-infinity')
    into settled
    from cloudgpus.market_settled;

    return query
        select kept.day, kept.gpu_model_id, kept.floor, kept.median, kept.providers_n
        from cloudgpus.market_days as kept
        where kept.day between first and last
            and kept.day < settled;

    if settled <= last then
        return query
            select computed.day, computed.gpu_model_id, computed.floor, computed.median, computed.providers_n
            from cloudgpus.compute_market_days(greatest(first, settled), last, as_of) as computed;
    end if;
end $$;

comment on function cloudgpus.market_days_at(date, date, timestamptz) is
    'Each GPU''s on-demand market day by day: settled days as kept, the others computed';

create function cloudgpus.settle_market(as_of timestamptz) returns integer
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

    -- Without a rate of its day an amount is converted at the newest one, which changes: that is not kept.
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

    delete from cloudgpus.market_days where day >= since;
    insert into cloudgpus.market_days (day, gpu_model_id, floor, median, providers_n)
    select day, gpu_model_id, floor, median, providers_n
    from cloudgpus.compute_market_days(since, cloudgpus.utc_day(as_of) - 1, as_of)
    order by
        day,
        gpu_model_id;
    get diagnostics settled = row_count;

    update cloudgpus.market_settled set before = cloudgpus.utc_day(as_of);
    return settled;
end $$;

comment on function cloudgpus.settle_market(timestamptz) is
    'Computes and keeps the days that are over at as_of and not settled; how many rows that made';

-- What the figures of a day depend on besides prices.
create function cloudgpus.unsettle_all_market() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    perform cloudgpus.unsettle_market('-infinity');
    return null;
end $$;

comment on function cloudgpus.unsettle_all_market() is 'Whatever is known of any day may have changed';

create function cloudgpus.unsettle_market_by_rates() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    perform cloudgpus.unsettle_market(min(rate_date))
    from changed_rates;
    return null;
end $$;

comment on function cloudgpus.unsettle_market_by_rates() is 'A day''s rate changes that day and the days without one after it';

create trigger unsettle_market
    after update on cloudgpus.instances
    for each row when (
        old.price_basis <> new.price_basis
        or old.provider_id <> new.provider_id
    )
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market
    after update on cloudgpus.providers
    for each row when (old.source_class <> new.source_class)
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market
    after update on cloudgpus.source_classes
    for each row when (old.maximum_gap <> new.maximum_gap)
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market_insert
    after insert on cloudgpus.exchange_rates
    referencing new table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

create trigger unsettle_market
    after update on cloudgpus.exchange_rates
    referencing new table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

create trigger unsettle_market_delete
    after delete on cloudgpus.exchange_rates
    referencing old table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

create or replace function cloudgpus.begin_price_segments(ids uuid[], since timestamptz[], jobs uuid[]) returns void
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_seqscan = off
set enable_nestloop = on
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    perform cloudgpus.unsettle_market(min(cloudgpus.utc_day(at)))
    from unnest(since) as at;

    perform cloudgpus.ensure_price_history_partitions(months.month, months.month)
    from (select distinct date_trunc('month', at, 'UTC') as month from unnest(since) as at) as months;

    insert into cloudgpus.price_history (
        instance_id,
        provider_id,
        gpu_model_id,
        price_per_hour,
        price_per_gpu_hour,
        price_per_hour_spot,
        price_per_month,
        price_per_hour_reserved_1y,
        price_per_hour_reserved_3y,
        availability_status,
        gpu_count,
        gpu_share,
        currency,
        original_price_per_hour,
        original_price_per_hour_spot,
        original_price_per_month,
        original_price_per_hour_reserved_1y,
        original_price_per_hour_reserved_3y,
        is_recorded,
        is_active,
        recorded_at,
        valid_to,
        last_confirmed_at,
        scrape_job_id
    )
    select
        offer.id,
        offer.provider_id,
        offer.gpu_model_id,
        offer.price_per_hour,
        offer.price_per_gpu_hour,
        offer.price_per_hour_spot,
        offer.price_per_month,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        offer.availability_status,
        offer.gpu_count,
        offer.gpu_share,
        offer.currency,
        case when offer.currency <> 'USD' then offer.original_price_per_hour end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_spot end,
        case when offer.currency <> 'USD' then offer.original_price_per_month end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_reserved_1y end,
        case when offer.currency <> 'USD' then offer.original_price_per_hour_reserved_3y end,
        offer.is_recorded,
        offer.is_active,
        segment.since,
        case when not offer.is_active then segment.since end,
        case when not offer.is_active then segment.since end,
        segment.job
    from unnest(ids, since, jobs) as segment (id, since, job)
    inner join cloudgpus.instances as offer on offer.id = segment.id;
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
    -- Up to its last confirmation an ended price counts as it did while it stood.
    perform cloudgpus.unsettle_market(min(cloudgpus.utc_day(coalesce(last_confirmed_at, recorded_at))))
    from new_rows;

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
            and segment.valid_to > segment.last_confirmed_at
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

    -- Anything else: what was rewritten, and prices that ended in silence. The days of before and of now are made anew.
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

    -- A price may be carried forward beyond the last day, or no longer be, because of what was written.
    select array_agg(given.last + ceil(date_part('epoch', class.maximum_gap) / 86400)::integer order by given.number)
    into lasts
    from unnest(instances, lasts) with ordinality as given (instance_id, last, number)
    inner join cloudgpus.instances as offer on offer.id = given.instance_id
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    inner join cloudgpus.source_classes as class on class.source_class = provider.source_class;

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
        where segment.is_active
            and not segment.is_recorded
            and segment.last_confirmed_at + class.maximum_gap > windows.first::timestamp at time zone 'UTC'
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

revoke execute on function
    cloudgpus.unsettle_market(date),
    cloudgpus.compute_market_days(date, date, timestamptz),
    cloudgpus.market_days_at(date, date, timestamptz),
    cloudgpus.settle_market(timestamptz),
    cloudgpus.unsettle_all_market(),
    cloudgpus.unsettle_market_by_rates()
from public;

insert into cloudgpus.schema_migrations (id) values ('0023_settled_market');
