create or replace function cloudgpus.adopt_price_points(points regclass, month date) returns bigint
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    begins timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
    adopted bigint;
begin
    perform cloudgpus.ensure_price_history_partitions(begins, begins);

    execute format(
        $adopt$
        insert into cloudgpus.price_history (
            id,
            instance_id,
            provider_id,
            gpu_model_id,
            price_per_hour,
            price_per_gpu_hour,
            price_per_hour_spot,
            availability_status,
            gpu_count,
            recorded_at,
            valid_to,
            last_confirmed_at
        )
        select
            point.id,
            point.instance_id,
            point.provider_id,
            point.gpu_model_id,
            point.price_per_hour,
            point.price_per_gpu_hour,
            point.price_per_hour_spot,
            point.availability_status::text::cloudgpus.availability_status,
            point.gpu_count,
            point.recorded_at,
            stood.until,
            stood.until
        from %1$s as point
        inner join cloudgpus.instances as offer on offer.id = point.instance_id
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = point.instance_id
        left join lateral (
            select later.recorded_at
            from %1$s as later
            where later.instance_id = point.instance_id
                and later.recorded_at >= point.recorded_at
                and (later.recorded_at, later.id) > (point.recorded_at, point.id)
            order by later.recorded_at
            limit 1
        ) as next on true
        -- From the first observation of its own on, the database's segments count.
        left join lateral (
            select own.recorded_at
            from cloudgpus.price_history as own
            where own.instance_id = point.instance_id
                and not exists (select from %1$s as same where same.id = own.id)
            order by own.recorded_at
            limit 1
        ) as seen on true
        cross join lateral (
            select
                case
                    when next.recorded_at is not null or seen.recorded_at is not null
                        then least(next.recorded_at, seen.recorded_at)
                    when not offer.is_active
                        then greatest(point.recorded_at, confirmation.last_confirmed_at, offer.last_scraped_at)
                end as until
        ) as stood
        where point.recorded_at >= $1
            and point.recorded_at < $2
            and (seen.recorded_at is null or seen.recorded_at > point.recorded_at)
            and not exists (
                select
                from cloudgpus.price_history as known
                where known.id = point.id
                    and known.recorded_at = point.recorded_at
            )
        $adopt$,
        points
    ) using begins, begins + interval '1 month';
    get diagnostics adopted = row_count;
    return adopted;
end $$;

comment on function cloudgpus.adopt_price_points(regclass, date) is
    'Insert a month''s price points into price_history; the number inserted, none the second time. Each is in force until '
    'the next one of its instance, or until the database saw the offer itself; the last one still is if the offer is '
    'active, else it was until the offer was last seen';
