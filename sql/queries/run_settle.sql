-- What a run's instant really is: in a database that never held a live answer, the time of the newest recorded one.
-- params: run_id (bigint)
-- row: SettledRun
update runs
set as_of = coalesce(
    (
        select case when bool_and(i.is_recorded) then max(c.last_confirmed_at) end
        from confirmations c
        join instances i on i.id = c.instance_id
    ),
    as_of
)
where id = %(run_id)s
returning as_of;
