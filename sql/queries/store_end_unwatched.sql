-- End the segments of offers in this run that nobody confirmed for too long: at their last confirmation.
-- params: provider_id (uuid), observed_at (timestamptz), is_recorded (boolean), is_complete (boolean), source_class (text)
-- row: none
update cloudgpus.price_history as segment
set
    valid_to = greatest(segment.recorded_at, confirmation.last_confirmed_at),
    last_confirmed_at = greatest(segment.recorded_at, confirmation.last_confirmed_at)
from cloudgpus.instances as offer
inner join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
inner join cloudgpus.source_classes as class on class.source_class = %(source_class)s
left join matched_offers as matched on matched.instance_id = offer.id
where segment.instance_id = offer.id
    and segment.valid_to is null
    and offer.provider_id = %(provider_id)s
    and offer.is_active
    and (offer.is_recorded or not %(is_recorded)s)
    and (%(is_complete)s or matched.instance_id is not null)
    and confirmation.last_confirmed_at < %(observed_at)s::timestamptz - class.maximum_gap;
