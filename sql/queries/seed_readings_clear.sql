-- Make room for another edition of the seed's price readings.
-- params: sources (smallint[])
-- row: none
delete from reference_history
where source_id = any (%(sources)s::smallint[]);
