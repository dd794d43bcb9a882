create or replace function cloudgpus.detach_price_history(before date) returns table (
    partition text,
    became text,
    segments bigint,
    carried_over bigint
)
language plpgsql
set lock_timeout = '5s'
set search_path = cloudgpus, pg_temp
as $$
declare
    cut timestamptz := date_trunc('month', before::timestamp) at time zone 'UTC';
    unsettled bigint;
    split bigint;
    month record;
    again integer;
begin
    -- Locks are taken in the order of ensure_price_history_partitions(), so that the two can't deadlock.
    lock table cloudgpus.price_history in access exclusive mode;
    perform cloudgpus.ensure_price_history_partitions(cut, cut);

    -- A price that was in force across the cut ends there and begins again, so that what stays is complete by itself.
    select count(*)
    into unsettled
    from cloudgpus.price_history as segment
    inner join cloudgpus.providers as provider on provider.id = segment.provider_id
    inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = segment.instance_id
    where segment.recorded_at < cut
        and segment.valid_to is null
        and coalesce(confirmation.last_confirmed_at, segment.recorded_at) < cut
        and coalesce(confirmation.last_confirmed_at, segment.recorded_at) + class.maximum_gap > cut;
    if unsettled > 0 then
        raise exception '% prices were last seen shortly before % and may still be current: nothing was detached',
            unsettled, to_char(cut at time zone 'UTC', 'YYYY-MM-DD')
            using
                errcode = 'object_not_in_prerequisite_state',
                hint = 'Refresh first, or detach a month less.';
    end if;

    with spanning as materialized (
        select segment.*
        from cloudgpus.price_history as segment
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = segment.instance_id
        where segment.recorded_at < cut
            and coalesce(segment.valid_to, confirmation.last_confirmed_at) >= cut
            and (segment.valid_to is null or segment.valid_to > cut)
    ),

    ended as (
        update cloudgpus.price_history as segment
        set
            valid_to = cut,
            last_confirmed_at = least(spanning.last_confirmed_at, cut)
        from spanning
        where segment.id = spanning.id
            and segment.recorded_at = spanning.recorded_at
    )

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
        cut,
        valid_to,
        case when valid_to is not null then greatest(last_confirmed_at, cut) end,
        scrape_job_id
    from spanning;
    get diagnostics split = row_count;

    -- A price not seen since the cut, for longer than its source's maximum gap, ended at its last confirmation.
    update cloudgpus.price_history as segment
    set
        valid_to = greatest(segment.recorded_at, seen.at),
        last_confirmed_at = greatest(segment.recorded_at, seen.at)
    from (
        select
            standing.id,
            standing.recorded_at,
            coalesce(confirmation.last_confirmed_at, standing.recorded_at) as at
        from cloudgpus.price_history as standing
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = standing.instance_id
        where standing.recorded_at < cut
            and standing.valid_to is null
    ) as seen
    where segment.id = seen.id
        and segment.recorded_at = seen.recorded_at;

    for month in
        select part.relname::text as name
        from pg_catalog.pg_inherits as link
        inner join pg_catalog.pg_class as part on part.oid = link.inhrelid
        where link.inhparent = 'cloudgpus.price_history'::regclass
            and part.relname ~ '^price_history_\d{4}_\d{2}$'
            and to_date(substr(part.relname, 15), 'YYYY_MM') < date_trunc('month', before::timestamp)
        order by part.relname
    loop
        again := 1;
        partition := month.name;
        became := month.name || '_detached';
        while to_regclass(format('cloudgpus.%I', became)) is not null loop
            again := again + 1;
            became := month.name || '_detached_' || again;
        end loop;

        -- Not concurrently: PostgreSQL refuses that beside a default partition. The new name leaves the month's own name
        -- free for an observation that comes late.
        execute format('alter table cloudgpus.price_history detach partition cloudgpus.%I', partition);
        execute format('alter table cloudgpus.%I rename to %I', partition, became);
        execute format(
            'comment on table cloudgpus.%I is %L',
            became,
            'Price segments of a month, detached from price_history and kept; its daily prices are in price_daily'
        );
        if exists (
            select from pg_catalog.pg_policies
            where schemaname = 'cloudgpus' and tablename = 'price_history' and policyname = 'service'
        ) then
            execute format('create policy service on cloudgpus.%I to service_role using (true)', became);
        end if;
        execute format('select count(*) from cloudgpus.%I', became) into segments;
        carried_over := split;
        split := 0;
        return next;
    end loop;
end $$;

comment on function cloudgpus.detach_price_history(date) is
    'Detach every month that ends on or before a day from price_history, into a table of its own; drop nothing. '
    'carried_over, in the first row only: prices that continue in the first month that stays';
