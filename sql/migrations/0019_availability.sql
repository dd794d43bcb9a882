-- Whether what is listed could be had, as a series of its own: from when to when, whatever its price did.

create view cloudgpus.availability_history
with (security_invoker = true)
as
with seen as (
    select
        segment.instance_id,
        segment.provider_id,
        segment.gpu_model_id,
        segment.availability_status,
        segment.recorded_at as since,
        coalesce(segment.valid_to, confirmation.last_confirmed_at, segment.recorded_at) as until,
        segment.valid_to is null as is_open
    from cloudgpus.price_history as segment
    inner join cloudgpus.instances as offer on offer.id = segment.instance_id
    left join cloudgpus.confirmations as confirmation on confirmation.instance_id = segment.instance_id
    where segment.is_active
        and not segment.is_recorded
        and offer.availability_stated
),

marked as (
    select
        seen.*,
        case
            when lag(availability_status) over stretch = availability_status
                and lag(gpu_model_id) over stretch = gpu_model_id
                and lag(until) over stretch >= since
                then 0
            else 1
        end as begins
    from seen
    window stretch as (partition by instance_id order by since, until)
),

numbered as (
    select
        marked.*,
        sum(begins) over (partition by instance_id order by since, until) as number
    from marked
)

select
    instance_id,
    provider_id,
    gpu_model_id,
    availability_status,
    min(since) as since,
    max(until) as until,
    bool_or(is_open) as is_open
from numbered
group by instance_id, provider_id, gpu_model_id, availability_status, number;

comment on view cloudgpus.availability_history is
    'From when to when each offer had a status, of providers whose answers state one; a change of price does not end it. '
    'Between two rows nobody looked, or it was not listed';
comment on column cloudgpus.availability_history.until is 'When it changed, or was last seen so';
comment on column cloudgpus.availability_history.is_open is 'It stands still';

insert into cloudgpus.schema_migrations (id) values ('0019_availability');
