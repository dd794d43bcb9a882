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
    returned uuid[];
    unseen uuid[];
begin
    if tg_op = 'INSERT' then
        select array_agg(id), array_agg(last_scraped_at), array_agg(scrape_job_id)
        into ids, since, jobs
        from new_rows
        where is_active;

        perform cloudgpus.begin_price_segments(ids, since, jobs);
        return null;
    end if;

    -- A price changes with the amounts as charged, what they are for, until when they hold, or whether it is for rent.
    -- The old price ended when the new one was seen, or at its last confirmation where no new one was seen.
    select
        array_agg(current.id),
        array_agg(current.last_scraped_at),
        array_agg(current.scrape_job_id),
        array_agg(current.is_active or current.last_scraped_at > previous.last_scraped_at),
        array_agg(current.id) filter (where not previous.is_active)
    into ids, seen, jobs, goes_on, returned
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
                current.gpu_share,
                current.price_ends
            ) <> row(
                previous.is_active,
                previous.is_recorded,
                previous.currency,
                previous.availability_status,
                previous.gpu_model_id,
                previous.gpu_count,
                previous.gpu_share,
                previous.price_ends
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

    select ended.since, ended.unseen
    into since, unseen
    from cloudgpus.end_price_segments(ids, seen) as ended;

    if not (true = all (goes_on)) then
        select array_agg(changed.id), array_agg(changed.since), array_agg(changed.job)
        into ids, since, jobs
        from unnest(ids, since, jobs, goes_on) as changed (id, since, job, goes_on)
        where changed.goes_on;
    end if;

    perform cloudgpus.begin_price_segments(ids, since, jobs);

    -- A price that was not seen to end counts on for a while, but only until the one that has begun now.
    if returned is not null or unseen is not null then
        perform cloudgpus.recompute_price_daily(
            array_agg(begun.id),
            array_agg(cloudgpus.utc_day(begun.since)),
            array_agg(cloudgpus.utc_day(begun.since))
        )
        from unnest(ids, since) as begun (id, since)
        where begun.id = any (returned || unseen)
        having count(*) > 0;
    end if;
    return null;
end $$;

comment on function cloudgpus.record_price_history() is
    'End the history segment of each offer that changed, at the observation''s time, and begin the next';
