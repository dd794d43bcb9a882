-- The newest finished build, with the token that is in its output folder.
-- params: none
-- row: LastBuild
select
    generation,
    code_version
from builds
where completed_at is not null
order by id desc
limit 1;
