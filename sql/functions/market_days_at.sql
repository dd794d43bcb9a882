create or replace function cloudgpus.market_days_at(
    first date,
    last date,
    as_of timestamptz,
    gpus uuid[] default null
) returns table (
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
            and kept.day < settled
            and (gpus is null or kept.gpu_model_id = any(gpus));

    if settled <= last then
        return query
            select computed.day, computed.gpu_model_id, computed.floor, computed.median, computed.providers_n
            from cloudgpus.compute_market_days(greatest(first, settled), last, as_of) as computed
            where gpus is null or computed.gpu_model_id = any(gpus);
    end if;
end $$;

comment on function cloudgpus.market_days_at(date, date, timestamptz, uuid[]) is
    'The on-demand market of these GPUs (null: of all) day by day: settled days as stored, the others computed';
