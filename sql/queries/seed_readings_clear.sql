-- Delete the price readings of these sources, before others are written.
-- params: sources (smallint[])
-- row: none
delete from reference_history
where source_id = any (%(sources)s::smallint[]);
