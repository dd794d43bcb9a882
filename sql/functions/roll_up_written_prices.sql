create or replace function cloudgpus.roll_up_written_prices() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    ids uuid[];
    firsts date[];
    lasts date[];
begin
    -- Prices written by the triggers of instances begin where those ended the price before: their days are already done.
    select
        array_agg(segment.instance_id),
        array_agg(cloudgpus.utc_day(segment.recorded_at)),
        array_agg(cloudgpus.utc_day(coalesce(segment.valid_to, segment.recorded_at)))
    into ids, firsts, lasts
    from written_rows as segment
    where not segment.is_recorded
        and (pg_trigger_depth() = 1 or (segment.valid_to > segment.recorded_at and segment.is_active));

    if ids is not null then
        perform cloudgpus.recompute_price_daily(ids, firsts, lasts);
    end if;
    return null;
end $$;

comment on function cloudgpus.roll_up_written_prices() is
    'Recompute the days of prices that were inserted into history already ended, or deleted from it';
