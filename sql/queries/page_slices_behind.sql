-- The slices that a page has read, those of these names, and all that is behind them; at which revision each last moved, and
-- as of which build that was first seen.
-- params: numbers (integer[]), names (text[]), moved (text[]), tables (text[]; each moves with the kind of slice beside it)
-- row: SliceBehind
with recursive behind as (
    (
        select number
        from page_slices
        where number = any(%(numbers)s::integer[])
        union
        select number
        from page_slices
        where name = any(%(names)s::text[])
    )
    union
    select unnest(slice.reads)
    from behind
    inner join page_slices as slice on slice.number = behind.number
),

found as (
    select slice.number, slice.name, slice.version, slice.reads, max(known.revision) as revision
    from behind
    inner join page_slices as slice on slice.number = behind.number
    left join unnest(%(moved)s::text[], %(tables)s::text[]) as moves (moved, name)
        on moves.name = split_part(slice.name, ':', 1)
    left join slice_revisions as known
        on known.slice = coalesce(moves.moved || substr(slice.name, length(moves.name) + 1), slice.name)
    group by slice.number
),

seen as (
    select moved.revision, first.as_of
    from (select distinct revision from found) as moved
    cross join lateral (
        select build.as_of
        from builds as build
        where build.revision >= moved.revision
            and build.completed_at is not null
        order by build.id
        limit 1
    ) as first
)

select found.number, found.name, found.version, found.reads, found.revision, seen.as_of as seen_as_of
from found
left join seen on seen.revision = found.revision
order by found.name;
