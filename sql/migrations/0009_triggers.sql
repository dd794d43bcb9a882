-- What the database keeps true by itself: updated_at, prices per GB of memory, price history.

create function cloudgpus.update_timestamp() returns trigger
language plpgsql
as $$
begin
    -- A trigger without arguments has null for tg_argv, and anything minus null is null.
    if to_jsonb(new) - 'updated_at' - coalesce(tg_argv, '{}')
        is distinct from to_jsonb(old) - 'updated_at' - coalesce(tg_argv, '{}')
    then
        new.updated_at := now();
    else
        new.updated_at := old.updated_at;
    end if;
    return new;
end $$;

comment on function cloudgpus.update_timestamp() is
    'Moves updated_at when a column changed that is not among the trigger''s arguments';

create trigger update_gpu_models_timestamp
    before update on cloudgpus.gpu_models
    for each row execute function cloudgpus.update_timestamp();

create trigger update_providers_timestamp
    before update on cloudgpus.providers
    for each row execute function cloudgpus.update_timestamp('last_price_update');

create trigger update_gpu_benchmarks_timestamp
    before update on cloudgpus.gpu_benchmarks
    for each row execute function cloudgpus.update_timestamp();

create trigger update_content_pages_timestamp
    before update on cloudgpus.content_pages
    for each row execute function cloudgpus.update_timestamp();

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

create function cloudgpus.compute_price_per_vram() returns trigger
language plpgsql
as $$
begin
    -- As numeric: the memory of 256 GPUs of 186 GB does not fit a smallint.
    new.price_per_vram_gb_hour := (
        select new.price_per_hour / (new.gpu_count * new.gpu_share * gpu.vram_gb::numeric)
        from cloudgpus.gpu_models as gpu
        where gpu.id = new.gpu_model_id
    );
    return new;
end $$;

comment on function cloudgpus.compute_price_per_vram() is
    'Sets an offer''s price per GB of GPU memory; null where price or memory is unknown';

create trigger compute_instance_price_per_vram
    before insert or update of price_per_hour, gpu_count, gpu_share, gpu_model_id on cloudgpus.instances
    for each row execute function cloudgpus.compute_price_per_vram();

create function cloudgpus.recompute_price_per_vram() returns trigger
language plpgsql
as $$
begin
    update cloudgpus.instances
    set price_per_vram_gb_hour = price_per_hour / (gpu_count * gpu_share * new.vram_gb::numeric)
    where gpu_model_id = new.id;
    return null;
end $$;

comment on function cloudgpus.recompute_price_per_vram() is 'Carries a corrected memory size of a GPU to its offers';

create trigger recompute_instances_price_per_vram
    after update of vram_gb on cloudgpus.gpu_models
    for each row when (old.vram_gb is distinct from new.vram_gb)
    execute function cloudgpus.recompute_price_per_vram();

create function cloudgpus.charged(currency text, in_usd numeric[], original numeric[]) returns numeric[]
language sql
immutable
as $$
    select case when currency = 'USD' then in_usd else original end
$$;

comment on function cloudgpus.charged(text, numeric[], numeric[]) is
    'The amounts that decide whether a price changed: those the provider charges, so that a move of the exchange rate is none';

create function cloudgpus.begin_price_segments(ids uuid[], since timestamptz[], jobs uuid[]) returns void
language plpgsql
as $$
begin
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

comment on function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]) is
    'Opens a history segment for each offer as it is now; for one that is not active, the mark of its disappearance';

-- Its plans are made once a session, maybe for one row; without nested loops they suit thousands as well.
create function cloudgpus.record_price_history() returns trigger
language plpgsql
set enable_nestloop = off
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

comment on function cloudgpus.record_price_history() is
    'Ends the history segment of each offer that changed, at the observation''s time, and begins the next';

create trigger record_instance_price_history
    after update on cloudgpus.instances
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.record_price_history();

create trigger record_instance_price_history_insert
    after insert on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.record_price_history();

create function cloudgpus.update_provider_last_price_update() returns trigger
language plpgsql
as $$
begin
    update cloudgpus.providers as provider
    set last_price_update = latest.scraped_at
    from (
        select provider_id, max(last_scraped_at) as scraped_at
        from new_rows
        group by provider_id
    ) as latest
    where provider.id = latest.provider_id
        and (provider.last_price_update is null or provider.last_price_update < latest.scraped_at);
    return null;
end $$;

comment on function cloudgpus.update_provider_last_price_update() is
    'Notes on the provider when an offer of it last changed: once a statement, and only forward';

create trigger track_provider_price_update
    after update on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.update_provider_last_price_update();

create trigger track_provider_price_update_insert
    after insert on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.update_provider_last_price_update();

create function cloudgpus.validate_depin_uptime() returns trigger
language plpgsql
as $$
begin
    if new.provider_type = 'depin' and new.sla_uptime_percent < 95 then
        raise notice 'DePIN provider % has an uptime of % %%, below 95 %%: not on the main comparison',
            new.name, new.sla_uptime_percent;
    end if;
    return new;
end $$;

comment on function cloudgpus.validate_depin_uptime() is 'Says so when a DePIN provider falls out of the main comparison';

create trigger validate_depin_provider_uptime
    before update on cloudgpus.providers
    for each row when (
        old.provider_type is distinct from new.provider_type
        or old.sla_uptime_percent is distinct from new.sla_uptime_percent
    )
    execute function cloudgpus.validate_depin_uptime();

create trigger validate_depin_provider_uptime_insert
    before insert on cloudgpus.providers
    for each row execute function cloudgpus.validate_depin_uptime();

create function cloudgpus.cleanup_stale_instances(as_of timestamptz default now()) returns integer
language plpgsql
as $$
declare
    affected integer;
begin
    update cloudgpus.instances as offer
    set is_active = false
    from cloudgpus.confirmations as confirmation, cloudgpus.providers as provider, cloudgpus.source_classes as class
    where offer.is_active
        and not offer.is_recorded
        and confirmation.instance_id = offer.id
        and provider.id = offer.provider_id
        and class.source_class = provider.source_class
        and confirmation.last_confirmed_at < as_of - class.expires_after;

    get diagnostics affected = row_count;
    return affected;
end $$;

comment on function cloudgpus.cleanup_stale_instances(timestamptz) is
    'Deactivates live offers not confirmed within their source''s limit, and returns how many; their history ends at their last confirmation';

insert into cloudgpus.schema_migrations (id) values ('0009_triggers');
