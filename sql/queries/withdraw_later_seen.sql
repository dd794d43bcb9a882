-- Date what was held back, and unknown names, at this answer where a clock that was ahead dated them later.
-- params: provider_id (uuid), observed_at (timestamptz: of this answer), later_than (timestamptz: what is dated later)
-- row: none
with unmapped as (
    update cloudgpus.unmapped_gpu_names as known
    set
        first_seen_at = least(known.first_seen_at, %(observed_at)s),
        last_seen_at = %(observed_at)s
    where known.provider_id = %(provider_id)s
        and known.last_seen_at > %(later_than)s
)

update cloudgpus.quarantine as entry
set
    first_seen_at = least(entry.first_seen_at, %(observed_at)s),
    last_seen_at = %(observed_at)s,
    decided_at = case when entry.decided_at is not null then least(entry.decided_at, %(observed_at)s) end
where entry.provider_id = %(provider_id)s
    and entry.last_seen_at > %(later_than)s;
