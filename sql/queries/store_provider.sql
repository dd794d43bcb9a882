-- A provider's row, with its source class as the run has it.
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
