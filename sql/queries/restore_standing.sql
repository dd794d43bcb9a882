-- What a restore would replace, and who does it.
-- params: none
-- row: _Standing (dependents: views and tables outside of the schema that use it, and would go with it)
select
    current_user::text as as_user,
    to_regnamespace('cloudgpus') is not null as has_schema,
    to_regclass('cloudgpus.confirmations') is not null as has_prices,
    array(
        select distinct format('%%I.%%I', namespace.nspname, class.relname)
        from pg_depend as depends
        join pg_class as ours on ours.oid = depends.refobjid
        left join pg_rewrite as rule on depends.classid = 'pg_rewrite'::regclass and rule.oid = depends.objid
        left join pg_constraint as constrained
            on depends.classid = 'pg_constraint'::regclass and constrained.oid = depends.objid
        join pg_class as class on class.oid = coalesce(rule.ev_class, constrained.conrelid)
        join pg_namespace as namespace on namespace.oid = class.relnamespace
        where depends.refclassid = 'pg_class'::regclass
          and ours.relnamespace = to_regnamespace('cloudgpus')
          and class.relnamespace <> ours.relnamespace
          and namespace.nspname !~ '^pg_temp_'  -- another session's, and gone with it
        order by 1
    ) as dependents;
