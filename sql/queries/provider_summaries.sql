-- Each provider's stored offers and how its last run went.
-- params: none
-- row: ProviderSummary
with last_run as (
    select distinct on (provider_id)
        provider_id,
        status::text as status,
        error_message
    from scrape_jobs
    order by provider_id, run_id desc nulls last, started_at desc
)

select
    p.slug,
    count(i.id)::integer as offers_n,
    max(c.last_confirmed_at) as confirmed_at,
    bool_and(i.is_recorded) as is_recorded,
    max(l.status) as status,
    max(l.error_message) as error_message
from providers p
left join last_run l on l.provider_id = p.id
left join instances i on i.provider_id = p.id and i.is_active
left join confirmations c on c.instance_id = i.id
group by p.slug
order by p.slug;
