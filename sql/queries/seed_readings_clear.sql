-- Make room for another edition of the seed's price readings.
-- params: none
-- row: none
delete from reference_history
where source_id in (select id from reference_sources);
