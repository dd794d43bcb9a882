-- The schema's functions of a name (one, except while its signature changes), each with what would have to be rebuilt
-- with it: generated columns, checks and indexes that use it, or use a function with an atomic body that does.
-- params: function (text)
-- row: _Known (signature, definition, removal: the statement that drops it, keepers)
with recursive users (root, id) as (
    select
        oid,
        oid
    from pg_catalog.pg_proc
    where pronamespace = 'cloudgpus'::regnamespace
        and proname = %(function)s
    union
    select
        users.root,
        depends.objid
    from users
    inner join pg_catalog.pg_depend as depends on depends.refobjid = users.id
    where depends.refclassid = 'pg_proc'::regclass
        and depends.classid = 'pg_proc'::regclass
)

select
    known.oid::regprocedure::text as signature,
    pg_get_functiondef(known.oid) as definition,
    format('drop function %%s', known.oid::regprocedure) as removal,
    array(
        select pg_describe_object(depends.classid, depends.objid, depends.objsubid)
        from users
        inner join pg_catalog.pg_depend as depends on depends.refobjid = users.id
        left join pg_catalog.pg_attrdef as formula
            on depends.classid = 'pg_attrdef'::regclass and formula.oid = depends.objid
        left join pg_catalog.pg_attribute as generated
            on generated.attrelid = formula.adrelid and generated.attnum = formula.adnum
        where users.root = known.oid
            and depends.refclassid = 'pg_proc'::regclass
            and (
                generated.attgenerated = 's'
                or depends.classid = 'pg_constraint'::regclass
                or (
                    depends.classid = 'pg_class'::regclass
                    and exists (select from pg_catalog.pg_index where indexrelid = depends.objid)
                )
            )
        order by 1
    ) as keepers
from pg_catalog.pg_proc as known
where known.pronamespace = 'cloudgpus'::regnamespace
    and known.proname = %(function)s
order by 1;
