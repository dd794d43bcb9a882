-- What a restore would replace, and as which user.
-- params: none
-- row: _Target (dependents: objects outside the schema that would be dropped with it, as a whole or in part)
select
    current_user::text as as_user,
    to_regnamespace('cloudgpus') is not null as has_schema,
    to_regclass('cloudgpus.confirmations') is not null as has_prices,
    array(
        select distinct
            coalesce(
                quote_ident(place) || '.' || quote_ident(coalesce(dependent.name, address.object_names[2])),
                dependent.identity
            )
        from pg_depend as depends
        cross join pg_identify_object(depends.refclassid, depends.refobjid, 0) as used
        cross join pg_identify_object(depends.classid, depends.objid, depends.objsubid) as dependent
        cross join pg_identify_object_as_address(depends.classid, depends.objid, depends.objsubid) as address
        -- A rule, a key or a default has no schema; its address begins with the schema of its view or table.
        cross join coalesce(dependent.schema, address.object_names[1]) as place
        where used.schema = 'cloudgpus'
          and place not in ('cloudgpus', 'pg_toast')
          and place !~ '^pg_temp'  -- dropped when its session ends
        order by 1
    ) as dependents;
