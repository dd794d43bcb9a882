-- What was held back of a provider's answers and may come again: waiting, rejected and released prices, newest first.
--
-- The release of a whole answer (without an instance type) ends with the next good one: after that, an answer like it
-- waits again.
-- params: provider (text: slug)
-- row: _Known (prices: US dollars per GPU-hour by column; for a whole answer the number of its offers)
select
    entry.instance_type,
    entry.region,
    entry.prices,
    entry.first_seen_at,
    entry.state
from cloudgpus.quarantine as entry
inner join cloudgpus.providers as provider on provider.id = entry.provider_id
where provider.slug = %(provider)s
    and entry.state <> 'withdrawn'
    and not (
        entry.instance_type = ''
        and entry.state = 'released'
        and exists (
            select
            from cloudgpus.scrape_jobs as job
            where job.provider_id = entry.provider_id
                and job.status = 'completed'
                and job.observed_at >= entry.decided_at
        )
    )
order by entry.id desc;
