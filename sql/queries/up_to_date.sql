-- Whether there is anything to do: the last build, and whether anything has been written since.
-- params: none
-- row: LastBuilt (as_of: of the build; now: as run_last has it)
select
    build.generation::text,
    build.as_of,
    build.code ->> '' as code,
    build.code ->> 'settings' as settings,
    build.report,
    exists (select from cloudgpus.moved_slices)
    or build.revision <> (select settled.revision from cloudgpus.slices_settled as settled) as has_moved,
    cloudgpus.last_as_of() as now
from cloudgpus.builds as build
where build.completed_at is not null
    and build.revision is not null
order by build.id desc
limit 1;
