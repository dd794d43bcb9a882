-- The newest finished build: what the pages' records and the output folders were made from.
-- params: none
-- row: LastBuild
select
    generation,
    as_of,
    revision,
    code,
    is_same_for,
    report
from builds
where completed_at is not null
    and revision is not null
order by id desc
limit 1;
