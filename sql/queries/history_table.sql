-- A table's full name, and whether it is an ordinary table of price history's owner: reading anything else could run
-- somebody's code as the reader (a view's functions, a type's conversions).
-- params: points (text)
-- row: _Table (name: null where there is none of that name)
select
    named.name::text as name,
    coalesce(class.relkind in ('r', 'p') and pg_has_role(class.relowner, history.relowner, 'usage'), false) as is_ours
from (values (to_regclass(%(points)s::text))) as named (name)
left join pg_catalog.pg_class as class on class.oid = named.name
inner join pg_catalog.pg_class as history on history.oid = 'cloudgpus.price_history'::regclass;
