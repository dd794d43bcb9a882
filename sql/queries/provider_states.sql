-- What is stored of each provider: how many offers, and when they were last confirmed, live and recorded.
-- params: none
-- row: ProviderState
select
    p.slug,
    count(i.id)::integer as offers_n,
    max(c.last_confirmed_at) filter (where not i.is_recorded) as live_at,
    max(c.last_confirmed_at) filter (where i.is_recorded) as recorded_at
from providers p
left join instances i on i.provider_id = p.id and i.is_active
left join confirmations c on c.instance_id = i.id
group by p.slug
order by p.slug;
