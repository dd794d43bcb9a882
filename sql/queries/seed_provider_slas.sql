-- Write the uptime of each provider's SLA for the usual case, from its terms; null where there is none.
-- params: none
-- row: none
update providers as known set sla_uptime_percent = term.value
from providers p
left join provider_terms term on term.provider_id = p.id
    and term.field = 'sla_uptime'
    and term.qualifier = ''
where p.id = known.id
  and known.sla_uptime_percent is distinct from term.value;
