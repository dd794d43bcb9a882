-- Have PostgreSQL check a function's body, as when it is created; fails where the body names what does not exist.
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
