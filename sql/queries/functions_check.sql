-- Has PostgreSQL read the body of a function, as it does of one that is made; fails where that names what is not there.
-- params: function (text)
-- row: none
with settings as materialized (
    select set_config('check_function_bodies', 'on', true) as checks
)

select
    case language.lanname
        when 'sql' then fmgr_sql_validator(proc.oid)
        else plpgsql_validator(proc.oid)
    end
from settings
cross join pg_catalog.pg_proc as proc
inner join pg_catalog.pg_language as language on language.oid = proc.prolang
where settings.checks = 'on'
    and proc.pronamespace = 'cloudgpus'::regnamespace
    and proc.proname = %(function)s;
