-- Planned once a session, for few offers or for many: the index of current prices is read for these offers only, and no
-- table is read as a whole.
create or replace function cloudgpus.end_price_segments(
    ids uuid[],
    seen timestamptz[],
    out since timestamptz[],
    out unseen uuid[]
)
language plpgsql
set search_path = cloudgpus, pg_temp
set enable_seqscan = off
set enable_nestloop = off
set enable_hashjoin = on
as $$
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

    select
        array_agg(changed_at order by number),
        array_agg(id) filter (where changed_at <= confirmed_at)
    into since, unseen
    from changed;
end $$;

comment on function cloudgpus.end_price_segments(uuid[], timestamptz[]) is
    'End the current price of each offer when it was seen to change, or at its last confirmation where that is later; '
    'since: these instants, in the order of the offers; unseen: the offers whose price was not seen to end';
