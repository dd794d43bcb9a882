create or replace function cloudgpus.join_price_runs(series integer[], days date[]) returns void
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
    'Join each of these whole days of one price with the run before it, where that closed at the same price';
