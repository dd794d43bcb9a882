-- Store an editor's decision on an offer that is held back.
-- params: id (bigint), state (text: released or rejected), decided_by (text), decided_at (timestamptz), reason (text or null)
-- row: _Decided
update cloudgpus.quarantine as entry
set
    state = %(state)s,
    decided_by = %(decided_by)s,
    decided_at = %(decided_at)s,
    reason = %(reason)s
from cloudgpus.providers as provider
where provider.id = entry.provider_id
    and entry.id = %(id)s
    and entry.state in ('waiting', 'rejected')
    and (%(state)s = 'rejected' or entry.prices <> '{}')
returning provider.slug as provider, entry.instance_type;
