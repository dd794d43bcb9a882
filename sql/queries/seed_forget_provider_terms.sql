-- Delete the terms that the seeds no longer have: what is not known has no row.
-- params: rows (jsonb)
-- row: none
delete from provider_terms as known
using providers
where providers.id = known.provider_id
  and not exists (
      select
      from jsonb_to_recordset(%(rows)s::jsonb) as seed (provider text, field provider_term_field, qualifier text)
      where seed.provider = providers.slug
        and seed.field = known.field
        and seed.qualifier = known.qualifier
  );
