drop trigger compute_instance_price_per_vram_insert on cloudgpus.instances;
drop trigger compute_instance_price_per_vram on cloudgpus.instances;

create trigger compute_instance_price_per_vram
    before insert or update of price_per_hour, gpu_count, gpu_share, gpu_model_id on cloudgpus.instances
    for each row execute function cloudgpus.compute_price_per_vram();

drop trigger update_instances_timestamp on cloudgpus.instances;
drop function cloudgpus.update_instance_timestamp();

-- Derived columns are named too: a generated one has no value yet before the update.
create trigger update_instances_timestamp
    before update on cloudgpus.instances
    for each row when (new.currency = 'USD')
    execute function cloudgpus.update_timestamp(
        'last_scraped_at', 'scrape_job_id', 'price_per_gpu_hour', 'price_per_vram_gb_hour'
    );

-- A provider that charges in euros changes nothing when the dollar moves.
create trigger update_instances_timestamp_converted
    before update on cloudgpus.instances
    for each row when (new.currency <> 'USD')
    execute function cloudgpus.update_timestamp(
        'last_scraped_at', 'scrape_job_id', 'price_per_gpu_hour', 'price_per_vram_gb_hour',
        'exchange_rate', 'exchange_rate_date',
        'price_per_hour', 'price_per_hour_spot', 'price_per_month',
        'price_per_hour_reserved_1y', 'price_per_hour_reserved_3y'
    );

create or replace function cloudgpus.roll_up_closed_prices() returns trigger
language plpgsql
set enable_nestloop = off
set search_path = cloudgpus, pg_temp
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

create or replace function cloudgpus.record_price_history() returns trigger
language plpgsql
set enable_nestloop = off
set search_path = cloudgpus, pg_temp
as $$
declare
    ids uuid[];
    since timestamptz[];
    jobs uuid[];
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
    with changed as (
        select
            current.id,
            current.scrape_job_id,
            greatest(current.last_scraped_at, confirmation.last_confirmed_at) as changed_at,
            confirmation.last_confirmed_at as confirmed_at,
            current.is_active or current.last_scraped_at > previous.last_scraped_at as was_seen
        from new_rows as current
        inner join old_rows as previous on previous.id = current.id
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = current.id
        where (current.is_active or previous.is_active)
            and (
                current.is_active <> previous.is_active
                or current.is_recorded <> previous.is_recorded
                or current.currency <> previous.currency
                or current.availability_status <> previous.availability_status
                or current.gpu_model_id <> previous.gpu_model_id
                or current.gpu_count <> previous.gpu_count
                or current.gpu_share <> previous.gpu_share
                or cloudgpus.charged(
                    current.currency,
                    array[
                        current.price_per_hour,
                        current.price_per_hour_spot,
                        current.price_per_month,
                        current.price_per_hour_reserved_1y,
                        current.price_per_hour_reserved_3y
                    ],
                    array[
                        current.original_price_per_hour,
                        current.original_price_per_hour_spot,
                        current.original_price_per_month,
                        current.original_price_per_hour_reserved_1y,
                        current.original_price_per_hour_reserved_3y
                    ]
                ) is distinct from cloudgpus.charged(
                    previous.currency,
                    array[
                        previous.price_per_hour,
                        previous.price_per_hour_spot,
                        previous.price_per_month,
                        previous.price_per_hour_reserved_1y,
                        previous.price_per_hour_reserved_3y
                    ],
                    array[
                        previous.original_price_per_hour,
                        previous.original_price_per_hour_spot,
                        previous.original_price_per_month,
                        previous.original_price_per_hour_reserved_1y,
                        previous.original_price_per_hour_reserved_3y
                    ]
                )
            )
    ),

    ended as (
        update cloudgpus.price_history as segment
        set
            valid_to = greatest(segment.recorded_at, changed.changed_at),
            last_confirmed_at = greatest(segment.recorded_at, changed.confirmed_at)
        from changed
        where segment.instance_id = changed.id
            and segment.valid_to is null
    )

    select array_agg(id), array_agg(changed_at), array_agg(scrape_job_id)
    into ids, since, jobs
    from changed
    where was_seen;

    perform cloudgpus.begin_price_segments(ids, since, jobs);
    return null;
end $$;

alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) reset enable_seqscan;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) reset enable_nestloop;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) reset enable_hashjoin;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) reset enable_mergejoin;

drop function cloudgpus.end_price_segments(uuid[], timestamptz[]);

alter table cloudgpus.price_history drop constraint idx_price_history_instance_time;
create index idx_price_history_instance_time on cloudgpus.price_history (instance_id, recorded_at);
alter table cloudgpus.price_history add constraint price_history_pkey primary key (id, recorded_at);

alter table cloudgpus.price_daily
    add constraint price_daily_series_id_fkey
    foreign key (series_id) references cloudgpus.price_series (id) on delete restrict;

delete from cloudgpus.schema_migrations where id = '0021_cheaper_writes';
