-- Delete the machines that the seeds no longer list as sold.
-- params: rows (jsonb)
-- row: none
delete from sold_without_price as known
using providers
where providers.id = known.provider_id
  and not exists (
      select
      from jsonb_to_recordset(%(rows)s::jsonb) as seed (provider text, machine_type text)
      where seed.provider = providers.slug
        and seed.machine_type = known.machine_type
  );
