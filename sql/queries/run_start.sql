-- Begin a run; earlier runs with a date later than now, from a clock that was ahead, are dated now.
-- params: as_of (timestamptz), source (text), version (text)
-- row: _Run (id)
with ahead as (
    update cloudgpus.runs
    set
        as_of = least(as_of, clock_timestamp()),
        completed_at = least(completed_at, clock_timestamp())
    where completed_at > clock_timestamp()
        or (completed_at is not null and as_of > clock_timestamp() + interval '10 minutes')
)

insert into cloudgpus.runs (as_of, source, version)
values (%(as_of)s, %(source)s, %(version)s)
returning id;
