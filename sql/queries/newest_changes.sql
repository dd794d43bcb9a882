-- What moves whenever pages may have to be made again: the newest finished run, and the newest slice that a writer moved.
-- params: none
-- row: Newest
select
    (
        select max(id)
        from runs
        where completed_at is not null
    ) as run,
    pg_sequence_last_value(pg_get_serial_sequence('cloudgpus.moved_slices', 'id')::regclass) as moved;
