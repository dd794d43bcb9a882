-- Wait until no other run of this provider is being stored, and hold the turn until the end of the transaction.
-- params: provider (text)
-- row: none
select
from cloudgpus.providers
where slug = %(provider)s
for no key update;
