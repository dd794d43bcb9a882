-- Set a run's final instant: its end, so that it covers what was confirmed meanwhile; in a database that never had a live
-- answer, the time of the newest recorded one. A given instant moves on to the newest answer of its own run.
-- params: run_id (bigint), given (timestamptz or null), now (timestamptz)
-- row: _RunAsOf
update runs
set as_of = (
    select
        case
            when %(given)s::timestamptz is not null
                then greatest(%(given)s, max(c.last_confirmed_at) filter (where c.last_confirmed_at <= %(now)s))
            when bool_and(i.is_recorded) then max(c.last_confirmed_at)
            else %(now)s::timestamptz
        end
    from confirmations c
    join instances i on i.id = c.instance_id
)
where id = %(run_id)s
returning as_of;
