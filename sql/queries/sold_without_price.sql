-- Machines that active providers sell and that have no shown offer, by provider and name.
-- params: as_of (timestamptz), gpus (text[]; null for all), providers (text[]; null for all)
-- row: SoldWithoutPriceRow (url: the provider's page)
select
    p.slug as provider_slug,
    g.slug as gpu_slug,
    s.machine_type,
    s.url
from sold_without_price s
join providers p on p.id = s.provider_id
join gpu_models g on g.id = s.gpu_model_id
where p.is_active
  and g.is_active
  and (%(gpus)s::text[] is null or g.slug = any(%(gpus)s))
  and (%(providers)s::text[] is null or p.slug = any(%(providers)s))
  and s.checked_on <= (%(as_of)s at time zone 'UTC')::date
  and not exists (
      select
      from instances i
      where i.provider_id = s.provider_id
        and i.instance_type = s.machine_type
        and i.is_active
  )
order by p.slug, s.machine_type;
