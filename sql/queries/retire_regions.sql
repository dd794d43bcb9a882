-- Retire the regions that no list has any more; those whose code names the country stay, and so do past offers.
-- params: rows (jsonb)
-- row: none
update provider_regions as known
set is_active = false
from providers
where providers.id = known.provider_id
  and known.is_active
  and known.source_url is not null
  and not exists (
      select
      from jsonb_to_recordset(%(rows)s::jsonb) as given (provider text, region text)
      where given.provider = providers.slug
        and given.region = known.region
  );
