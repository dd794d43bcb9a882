-- Prices with a beginning or an end that their provider states, and prices that are disputed.

alter table cloudgpus.instances
    add column price_ends jsonb not null default '{}',
    add constraint instances_price_ends_object check (jsonb_typeof(price_ends) = 'object');

alter table cloudgpus.price_history add column price_ends jsonb not null default '{}';

-- Months that were detached may come back.
do $$
declare
    detached regclass;
begin
    for detached in
        select oid from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relname ~ '^price_history_\d{4}_\d{2}_detached$' and relkind = 'r'
    loop
        execute format('alter table %s add column price_ends jsonb not null default ''{}''', detached);
    end loop;
end $$;

comment on column cloudgpus.instances.price_ends is
    'When a price ends, as the provider states, by column: {"price_per_hour": "2026-12-01T00:00:00+00:00"}; others have no stated end';
comment on column cloudgpus.price_history.price_ends is
    'As in instances; after its stated end a price counts no more, even where valid_to, when the next was seen, is later';

create table cloudgpus.scheduled_prices (
    id bigint generated always as identity primary key,
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    instance_type varchar(100) not null,
    region varchar(60) not null default '',
    gpu_count smallint not null,
    gpu_share numeric(6,4) not null,
    pricing_type text not null,

    price_per_gpu_hour numeric not null,
    currency varchar(3) not null,
    original_price numeric(16,6) not null,
    starts_at timestamptz not null,
    ends_at timestamptz,

    source_url varchar(2000),
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    withdrawn_at timestamptz,

    constraint scheduled_prices_unique unique (provider_id, instance_type, region, pricing_type, starts_at),
    constraint scheduled_prices_pricing_type_known
        check (pricing_type in ('on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y')),
    constraint scheduled_prices_in_order check (ends_at > starts_at and last_seen_at >= first_seen_at),
    constraint scheduled_prices_positive check (price_per_gpu_hour > 0 and original_price > 0),
    constraint scheduled_prices_numbers check ('NaN' <> all (array[price_per_gpu_hour, original_price, gpu_share]))
);

create index idx_scheduled_prices_gpu on cloudgpus.scheduled_prices (gpu_model_id);

comment on table cloudgpus.scheduled_prices is
    'Prices that a provider announces for a later day: shown as such until then, and in no figure. From then on only what a new '
    'answer says counts';
comment on column cloudgpus.scheduled_prices.price_per_gpu_hour is 'US dollars per GPU and hour, before tax';
comment on column cloudgpus.scheduled_prices.original_price is 'As charged, in currency, for the whole instance: per hour, monthly per month';
comment on column cloudgpus.scheduled_prices.withdrawn_at is 'When a complete answer no longer announced it, before its day';

create table cloudgpus.disputed_prices (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    instance_type varchar(100) not null,
    region varchar(60) not null default '',
    pricing_type text not null default '',

    checked_on date not null,
    source_url varchar(500) not null,
    note text not null,

    primary key (provider_id, instance_type, region, pricing_type),
    constraint disputed_prices_pricing_type_known
        check (pricing_type in ('', 'on_demand', 'spot', 'monthly', 'reserved_1y', 'reserved_3y'))
);

comment on table cloudgpus.disputed_prices is
    'Prices that an editor looked for at their source and did not find: shown as disputed, and in no figure, until they are read '
    'again on a later day';
comment on column cloudgpus.disputed_prices.region is 'Empty: in every region';
comment on column cloudgpus.disputed_prices.pricing_type is 'Empty: every price of the machine';

alter table cloudgpus.scheduled_prices enable row level security;
alter table cloudgpus.disputed_prices enable row level security;

create policy shown on cloudgpus.scheduled_prices for select using (
    exists (select from cloudgpus.providers where providers.id = scheduled_prices.provider_id and providers.is_active)
);
create policy shown on cloudgpus.disputed_prices for select using (
    exists (select from cloudgpus.providers where providers.id = disputed_prices.provider_id and providers.is_active)
);

do $$
declare
    reader text;
begin
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('grant select on cloudgpus.scheduled_prices, cloudgpus.disputed_prices to %I', reader);
        execute format('grant select (price_ends) on cloudgpus.instances to %I', reader);
        execute format('grant select (price_ends) on cloudgpus.price_history to %I', reader);
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.scheduled_prices to service_role using (true) with check (true);
        create policy service on cloudgpus.disputed_prices to service_role using (true) with check (true);
    end if;
end $$;

do $$
declare
    moves record;
    event text;
begin
    for moves in
        select *
        from (values
            ('scheduled_prices', 'slices', array['last_seen_at'], $sql$
                select 'scheduled_by_gpu:' || slug from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'scheduled_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('disputed_prices', 'slices', array[]::text[], $sql$
                select distinct unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
                from cloudgpus.instances as offer
                inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
                inner join cloudgpus.providers as provider on provider.id = offer.provider_id
                where offer.provider_id = changed.provider_id
                    and offer.instance_type = changed.instance_type
            $sql$),
            (
                'disagreements',
                'disputed',
                array[
                    'last_seen', 'first_seen_run', 'judged_by', 'judged_at', 'reason', 'reading_price_per_gpu_hour',
                    'reading_observed_at', 'reading_url', 'reading_licence', 'source_url', 'ratio'
                ],
                $sql$
                    select unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
                    from cloudgpus.gpu_models as gpu
                    inner join cloudgpus.providers as provider on provider.id = changed.provider_id
                    where gpu.id = changed.gpu_model_id
                        and changed.verdict in ('theirs', 'neither')
                $sql$
            )
        ) as named (table_name, what, hidden, query)
    loop
        foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
            execute format(
                'create trigger move_%s_%s after %s on cloudgpus.%I %s
                for each statement execute function cloudgpus.note_moved_slices(%L, %L)',
                moves.what,
                event,
                event,
                moves.table_name,
                case event
                    when 'insert' then 'referencing new table as new_rows'
                    when 'delete' then 'referencing old table as old_rows'
                    when 'update' then 'referencing old table as old_rows new table as new_rows'
                    else ''
                end,
                moves.hidden,
                moves.query
            );
        end loop;
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0021_price_states');
