-- Store an editor's decision on what is held back, with its row of the audit log.
-- params: id (bigint), decision (text: release_price, correct_price or keep_price_back), decided_by (text), decided_at (timestamptz), reason (text or null), told (jsonb: what else the log keeps)
-- row: _Decided; none where there is nothing to decide on
select
    provider,
    instance_type
from decide_on_price(
    %(id)s, %(decision)s, %(decided_by)s, %(reason)s::text, %(told)s, %(decided_at)s
);
