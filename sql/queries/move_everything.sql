-- Have the next settling trust nothing that was settled before.
-- params: none
-- row: none
insert into moved_slices (slice) values ('everything');
