-- What each offer cost day by day, kept for good, and each GPU's market on past days.

-- The write that ends a price adds it to the days on which it was in force; the current price is read from its segment
-- and its confirmation, so seeing it again writes nothing here.
create table cloudgpus.price_series (
    id integer generated always as identity primary key,
    instance_id uuid not null references cloudgpus.instances (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    gpu_share numeric(6,4) not null,
    currency varchar(3) not null,
    is_spot boolean not null,

    constraint price_series_unique unique (instance_id, is_spot, gpu_model_id, currency, gpu_share),
    constraint price_series_numbers check (gpu_share <> 'NaN')
);

create index idx_price_series_gpu on cloudgpus.price_series (gpu_model_id);

comment on table cloudgpus.price_series is
    'Series of daily prices: one for each offer, on demand or spot, GPU and currency. Live observations only';

create table cloudgpus.price_daily (
    -- No foreign key: it would check every row of a new price, and only the triggers write either table.
    series_id integer not null,
    day date not null,
    through date not null,
    covered_ms integer not null,
    mean numeric(16,6) not null,
    minimum numeric(16,6),
    maximum numeric(16,6),
    close numeric(16,6),

    primary key (series_id, day),
    constraint price_daily_in_order check (through >= day),
    constraint price_daily_covered check (covered_ms > 0 and covered_ms <= 86400000),
    constraint price_daily_numbers check ('NaN' <> all (array[minimum, mean, maximum, close]))
);

create index idx_price_daily_through on cloudgpus.price_daily (through);

comment on table cloudgpus.price_daily is
    'Runs of days (UTC): the figures of the first day, and through which day its last price stayed the same. '
    'Per GPU-hour, in the currency of the series; kept for good. Maintained by triggers on price_history';
comment on column cloudgpus.price_daily.through is
    'The last of the whole days after day that kept the price at which day closed; day itself where there is none';
comment on column cloudgpus.price_daily.covered_ms is 'For how much of day a price is known; at most 86,400,000 milliseconds';
comment on column cloudgpus.price_daily.mean is 'Of day, weighted by how long each price was in force';
comment on column cloudgpus.price_daily.minimum is 'Of day; null, like maximum and close, where the day had one price: the mean';
comment on column cloudgpus.price_daily.close is 'The last price of day, and the price of the days after it until through';

create table cloudgpus.market_days (
    day date not null,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    floor numeric(16,6) not null,
    median numeric(16,6) not null,
    providers_n integer not null,

    primary key (day, gpu_model_id),
    constraint market_days_numbers check ('NaN' <> all (array[floor, median]))
);

comment on table cloudgpus.market_days is
    'Each GPU''s on-demand market on each day (UTC) before market_settled.before; derived, and recomputed where it may differ';
comment on column cloudgpus.market_days.floor is
    'The cheapest provider''s price: US dollars per GPU-hour, complete offers of whole GPUs, weighted by time';
comment on column cloudgpus.market_days.median is 'Of the providers'' cheapest prices';

create table cloudgpus.market_settled (
    before date not null,
    is_only boolean primary key default true check (is_only)
);

comment on table cloudgpus.market_settled is 'One row: market_days has all days before this one';

insert into cloudgpus.market_settled (before) values ('-infinity');

create trigger roll_up_price_history
    after update on cloudgpus.price_history
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.roll_up_closed_prices();

create trigger roll_up_price_history_insert
    after insert on cloudgpus.price_history
    referencing new table as written_rows
    for each statement execute function cloudgpus.roll_up_written_prices();

create trigger roll_up_price_history_delete
    after delete on cloudgpus.price_history
    referencing old table as written_rows
    for each statement execute function cloudgpus.roll_up_written_prices();

-- The figures of a day depend on these too, besides prices.
create trigger unsettle_market
    after update on cloudgpus.instances
    for each row when (
        old.price_basis <> new.price_basis
        or old.provider_id <> new.provider_id
    )
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market
    after update on cloudgpus.providers
    for each row when (old.source_class <> new.source_class)
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market
    after update on cloudgpus.source_classes
    for each row when (old.maximum_gap <> new.maximum_gap)
    execute function cloudgpus.unsettle_all_market();

create trigger unsettle_market_insert
    after insert on cloudgpus.exchange_rates
    referencing new table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

create trigger unsettle_market
    after update on cloudgpus.exchange_rates
    referencing new table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

create trigger unsettle_market_delete
    after delete on cloudgpus.exchange_rates
    referencing old table as changed_rates
    for each statement execute function cloudgpus.unsettle_market_by_rates();

-- The history so far.
select
    cloudgpus.recompute_price_daily(
        array_agg(closed.instance_id),
        array_agg(closed.first),
        array_agg(closed.last)
    )
from (
    select
        instance_id,
        min(cloudgpus.utc_day(recorded_at)) as first,
        max(cloudgpus.utc_day(valid_to)) as last
    from cloudgpus.price_history
    where valid_to is not null
        and is_active
        and not is_recorded
    group by instance_id
) as closed;

insert into cloudgpus.schema_migrations (id) values ('0007_daily_prices');
