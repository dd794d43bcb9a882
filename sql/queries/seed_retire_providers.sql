-- Retire the providers that the seeds no longer have; history may refer to them, so they stay.
-- params: slugs (text[])
-- row: none
update providers
set is_active = false
where is_active and slug <> all (%(slugs)s);
