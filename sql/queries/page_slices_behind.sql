-- The slices that a page has read, those of these names, and all that is behind them; at which revision each last moved, and
-- as of which build that was first seen.
-- params: numbers (integer[]), names (text[])
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
    select slice.number, slice.name, slice.version, slice.reads, known.revision
    from behind
    inner join page_slices as slice on slice.number = behind.number
    left join slice_revisions as known on known.slice = slice.name
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
