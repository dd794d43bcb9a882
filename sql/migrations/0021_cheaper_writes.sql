-- What a changed price costs to write: less of everything that was done row by row, or for rows that did not change.

-- Compared column by column: making two JSON documents of each row took as long as all else that an update does.
create function cloudgpus.update_instance_timestamp() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    -- A provider that charges in euros changes nothing when the dollar moves.
    if new.currency = 'USD' and row(
            new.price_per_hour,
            new.price_per_hour_spot,
            new.price_per_month,
            new.price_per_hour_reserved_1y,
            new.price_per_hour_reserved_3y,
            new.exchange_rate,
            new.exchange_rate_date
        ) is distinct from row(
            old.price_per_hour,
            old.price_per_hour_spot,
            old.price_per_month,
            old.price_per_hour_reserved_1y,
            old.price_per_hour_reserved_3y,
            old.exchange_rate,
            old.exchange_rate_date
        )
        or row(
            new.original_price_per_hour,
            new.original_price_per_hour_spot,
            new.original_price_per_month,
            new.original_price_per_hour_reserved_1y,
            new.original_price_per_hour_reserved_3y,
            new.currency,
            new.price_basis,
            new.price_includes,
            new.availability_status,
            new.availability_stated,
            new.available_regions,
            new.gpu_model_id,
            new.gpu_count,
            new.gpu_share,
            new.instance_name,
            new.instance_url,
            new.vcpu_count,
            new.ram_gb,
            new.storage_type,
            new.storage_gb,
            new.network_bandwidth_gbps,
            new.has_nvlink,
            new.has_infiniband,
            new.infiniband_bandwidth_gbps,
            new.min_rental_hours,
            new.max_rental_hours,
            new.billing_increment_seconds,
            new.setup_fee,
            new.offers_merged,
            new.raw_data,
            new.source_url,
            new.is_recorded,
            new.is_active,
            new.id,
            new.provider_id,
            new.instance_type,
            new.region,
            new.created_at
        ) is distinct from row(
            old.original_price_per_hour,
            old.original_price_per_hour_spot,
            old.original_price_per_month,
            old.original_price_per_hour_reserved_1y,
            old.original_price_per_hour_reserved_3y,
            old.currency,
            old.price_basis,
            old.price_includes,
            old.availability_status,
            old.availability_stated,
            old.available_regions,
            old.gpu_model_id,
            old.gpu_count,
            old.gpu_share,
            old.instance_name,
            old.instance_url,
            old.vcpu_count,
            old.ram_gb,
            old.storage_type,
            old.storage_gb,
            old.network_bandwidth_gbps,
            old.has_nvlink,
            old.has_infiniband,
            old.infiniband_bandwidth_gbps,
            old.min_rental_hours,
            old.max_rental_hours,
            old.billing_increment_seconds,
            old.setup_fee,
            old.offers_merged,
            old.raw_data,
            old.source_url,
            old.is_recorded,
            old.is_active,
            old.id,
            old.provider_id,
            old.instance_type,
            old.region,
            old.created_at
        )
    then
        new.updated_at := now();
    else
        new.updated_at := old.updated_at;
    end if;
    return new;
end $$;

comment on function cloudgpus.update_instance_timestamp() is
    'Moves an offer''s updated_at when something changed other than the scrape stamps, the derived prices, or the exchange '
    'rate of a price in another currency';

drop trigger update_instances_timestamp on cloudgpus.instances;
drop trigger update_instances_timestamp_converted on cloudgpus.instances;

create trigger update_instances_timestamp
    before update on cloudgpus.instances
    for each row execute function cloudgpus.update_instance_timestamp();

revoke execute on function cloudgpus.update_instance_timestamp() from public;

-- What an update leaves as it was needs no memory size looked up.
drop trigger compute_instance_price_per_vram on cloudgpus.instances;

create trigger compute_instance_price_per_vram
    before update on cloudgpus.instances
    for each row when (
        old.price_per_hour is distinct from new.price_per_hour
        or old.gpu_count <> new.gpu_count
        or old.gpu_share <> new.gpu_share
        or old.gpu_model_id <> new.gpu_model_id
        or old.price_per_vram_gb_hour is distinct from new.price_per_vram_gb_hour
    )
    execute function cloudgpus.compute_price_per_vram();

create trigger compute_instance_price_per_vram_insert
    before insert on cloudgpus.instances
    for each row execute function cloudgpus.compute_price_per_vram();

-- Every row of a new price was checked against its series; nobody but the triggers here writes either.
alter table cloudgpus.price_daily drop constraint price_daily_series_id_fkey;

-- The key of a segment begins with its offer, so that it also is the index by which an offer's history is found; one
-- index less to write, and a fifth less on disk.
alter table cloudgpus.price_history drop constraint price_history_pkey;
drop index cloudgpus.idx_price_history_instance_time;
alter table cloudgpus.price_history
    add constraint idx_price_history_instance_time primary key (instance_id, recorded_at, id);

-- Planned once a session, for few offers or for many: the index of standing prices is read at these offers only, and no
-- table as a whole.
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

alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) set enable_seqscan = off;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) set enable_nestloop = on;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) set enable_hashjoin = off;
alter function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) set enable_mergejoin = off;

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

-- Its plans are made once a session, maybe for one row or on empty tables: what suits thousands suits one as well. Series
-- are looked up one by one in their index; all the rest is joined by hash.
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

revoke execute on function cloudgpus.end_price_segments(uuid[], timestamptz[]) from public;

insert into cloudgpus.schema_migrations (id) values ('0021_cheaper_writes');
