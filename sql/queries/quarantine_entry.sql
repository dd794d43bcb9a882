-- One offer that was held back, by its number.
-- params: id (bigint)
-- row: _Entry
select
    state,
    rule,
    prices <> '{}' as has_prices
from cloudgpus.quarantine
where id = %(id)s;
