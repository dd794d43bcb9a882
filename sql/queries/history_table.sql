-- A table's name in full; null where there is none of that name.
-- params: points (text)
-- row: _Table (name)
select to_regclass(%(points)s::text)::text as name;
