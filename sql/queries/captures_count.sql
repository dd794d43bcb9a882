-- How many answers are kept.
-- params: providers (text[]: slugs; empty: all)
-- row: _Count
select count(*) as answers
from cloudgpus.captures as capture
inner join cloudgpus.providers as provider on provider.id = capture.provider_id
where cardinality(%(providers)s::text[]) = 0
    or provider.slug = any (%(providers)s);
