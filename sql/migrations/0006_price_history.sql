-- From when to when each price was in force, in a partition for every month (UTC); the history of availability.

create table cloudgpus.price_history (
    id uuid not null default gen_random_uuid(),

    instance_id uuid not null references cloudgpus.instances (id) on delete restrict,
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,

    price_per_hour numeric(10,4),
    price_per_gpu_hour numeric,
    price_per_hour_spot numeric(10,4),
    price_per_month numeric(12,2),
    price_per_hour_reserved_1y numeric(10,4),
    price_per_hour_reserved_3y numeric(10,4),
    availability_status cloudgpus.availability_status not null,
    gpu_count smallint not null,
    gpu_share numeric(6,4) not null default 1,

    currency varchar(3) not null default 'USD',
    original_price_per_hour numeric(16,6),
    original_price_per_hour_spot numeric(16,6),
    original_price_per_month numeric(16,6),
    original_price_per_hour_reserved_1y numeric(16,6),
    original_price_per_hour_reserved_3y numeric(16,6),

    is_recorded boolean not null default false,
    is_active boolean not null default true,

    recorded_at timestamptz not null default now(),
    valid_to timestamptz,
    last_confirmed_at timestamptz,
    scrape_job_id uuid,

    recorded_month date generated always as (date_trunc('month', recorded_at at time zone 'UTC')::date) stored,

    -- It begins with the offer, so that it is also the index by which an offer's history is found.
    constraint idx_price_history_instance_time primary key (instance_id, recorded_at, id),
    constraint price_history_in_order check (valid_to >= recorded_at),
    constraint price_history_closed_whole check ((valid_to is null) = (last_confirmed_at is null)),
    constraint price_history_has_a_price check (
        availability_status = 'contact_sales'
        or num_nonnulls(
            price_per_hour,
            price_per_hour_spot,
            price_per_month,
            price_per_hour_reserved_1y,
            price_per_hour_reserved_3y
        ) > 0
    ),
    constraint price_history_numbers check ('NaN' <> all (array[
        price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
        original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
        original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y, price_per_gpu_hour, gpu_share
    ]))
) partition by range (recorded_at);

create table cloudgpus.price_history_default partition of cloudgpus.price_history default;

create index idx_price_history_brin on cloudgpus.price_history using brin (recorded_at);
create index idx_price_history_open on cloudgpus.price_history (instance_id) where valid_to is null;
create index idx_price_history_gpu_agg on cloudgpus.price_history (gpu_model_id, recorded_at)
    include (price_per_gpu_hour);
create index idx_price_history_provider_time on cloudgpus.price_history (provider_id, recorded_at);

comment on table cloudgpus.price_history is
    'Price segments: a price was in force from recorded_at until valid_to. Between two segments nobody looked, or nothing was offered';
comment on column cloudgpus.price_history.price_per_hour is
    'As in instances: US dollars for the whole instance, at the exchange rate of recorded_at';
comment on column cloudgpus.price_history.price_per_gpu_hour is 'price_per_hour / (gpu_count * gpu_share), unrounded';
comment on column cloudgpus.price_history.original_price_per_hour is
    'In currency, null for US dollars; a trend converts it at each day''s rate';
comment on column cloudgpus.price_history.is_active is
    'False: a disappearance, as a row of no length (valid_to = recorded_at) at the time of the answer that no longer had the offer';
comment on column cloudgpus.price_history.recorded_at is 'When the price was first seen: the observation''s time';
comment on column cloudgpus.price_history.valid_to is
    'When it ended: at the next observation where that came in time, else at the last confirmation; null while it is in force';
comment on column cloudgpus.price_history.last_confirmed_at is
    'When it was last seen; null while it is in force (see confirmations)';
comment on column cloudgpus.price_history.scrape_job_id is
    'The job that saw it first; no foreign key, since history outlives the jobs';
comment on column cloudgpus.price_history.recorded_month is 'First day of the month (UTC)';
comment on table cloudgpus.price_history_default is
    'Stays empty: ensure_price_history_partitions() makes a partition before a row needs it';

-- Where an answer is parsed again, offers are corrected in place: no price changed then.
create trigger record_instance_price_history
    after update on cloudgpus.instances
    referencing old table as old_rows new table as new_rows
    for each statement
    when (current_setting('cloudgpus.is_correction', true) is distinct from 'on')
    execute function cloudgpus.record_price_history();

create trigger record_instance_price_history_insert
    after insert on cloudgpus.instances
    referencing new table as new_rows
    for each statement execute function cloudgpus.record_price_history();

create trigger keep_provider_history
    before delete on cloudgpus.providers
    for each row execute function cloudgpus.refuse_to_delete_history();

create trigger keep_gpu_history
    before delete on cloudgpus.gpu_models
    for each row execute function cloudgpus.refuse_to_delete_history();

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
    'From when to when each offer had a status, for providers whose answers state one; a change of price does not end it. '
    'Between two rows nobody looked, or the offer was not listed';
comment on column cloudgpus.availability_history.until is 'When the status changed, or was last seen';
comment on column cloudgpus.availability_history.is_open is 'True: it is the current status';

insert into cloudgpus.schema_migrations (id) values ('0006_price_history');
