-- Remove a function from the bookkeeping.
-- params: function (text)
-- row: none
delete from cloudgpus.schema_functions
where name = %(function)s;
