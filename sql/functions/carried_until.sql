create or replace function cloudgpus.carried_until(
    segment_id uuid,
    of_instance uuid,
    began timestamptz,
    seen timestamptz,
    maximum_gap interval
) returns timestamptz
language sql
stable
as $$
    select
        case
            -- An older observation that contradicts a price between two of its confirmations counts for its instant only.
            when began = seen and exists (
                select
                from (
                    select earlier.valid_to
                    from cloudgpus.price_history as earlier
                    where earlier.instance_id = of_instance
                        and not earlier.is_recorded
                        and earlier.recorded_at < began
                        and (earlier.valid_to is null or earlier.valid_to > earlier.recorded_at)
                    order by earlier.recorded_at desc
                    limit 1
                ) as around
                where coalesce(around.valid_to, 'infinity') > seen
            ) then seen
            else least(
                seen + maximum_gap,
                (
                    select min(next.recorded_at)
                    from cloudgpus.price_history as next
                    where next.instance_id = of_instance
                        and not next.is_recorded
                        and next.recorded_at between began and seen + maximum_gap
                        and (next.recorded_at, coalesce(next.valid_to, 'infinity'), next.id) > (began, seen, segment_id)
                )
            )
        end
$$;

comment on function cloudgpus.carried_until(uuid, uuid, timestamptz, timestamptz, interval) is
    'Until when a price counts that ended at its last confirmation: for the source''s maximum gap, or until the offer''s next one';
