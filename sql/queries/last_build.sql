-- The newest finished build: the token that its output folder carries.
-- params: none
-- row: LastBuild
select
    generation,
    code_version
from builds
where completed_at is not null
order by id desc
limit 1;
