-- Set a provider's source class to the run's; its id.
-- params: provider (text), source_class (text)
-- row: _Id (id)
with reclassified as (
    update cloudgpus.providers
    set source_class = %(source_class)s
    where slug = %(provider)s
        and source_class <> %(source_class)s
)

select id
from cloudgpus.providers
where slug = %(provider)s;
