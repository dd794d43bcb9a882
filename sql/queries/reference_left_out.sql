-- How many readings of each licensed source count in no figure, by rule: left out when the seed was made, or kept but not
-- of a whole machine, in which case the rule is their price basis.
-- params: none
-- row: ReadingsLeftOutRow
select
    reference_sources.slug as source_slug,
    counted.rule,
    counted.readings_n
from (
    select source_id, rule, readings_n from reference_left_out
    union all
    select source_id, price_basis, count(*)::integer
    from reference_history
    where price_basis <> 'complete'
    group by
        source_id,
        price_basis
) as counted
join reference_sources on reference_sources.id = counted.source_id
order by
    reference_sources.slug,
    counted.rule;
