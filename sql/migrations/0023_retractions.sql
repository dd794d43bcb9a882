-- Price changes that were listed until a correction showed that there was none: they stay, marked.

create table cloudgpus.retracted_price_events (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    instance_type varchar(100) not null,
    regions varchar(60)[] not null,
    pricing_type text not null,
    gpu_count smallint not null,
    currency varchar(3) not null,
    old_price numeric not null,
    new_price numeric not null,
    old_since timestamptz not null,
    changed_at timestamptz not null,
    old_source_url text,
    new_source_url text,
    retracted_on date not null,

    primary key (
        provider_id, gpu_model_id, instance_type, pricing_type, gpu_count, currency, old_price, new_price, changed_at
    ),
    constraint retracted_price_events_numbers check ('NaN' <> all (array[old_price, new_price]))
);

create index idx_retracted_price_events_gpu on cloudgpus.retracted_price_events (gpu_model_id);

comment on table cloudgpus.retracted_price_events is
    'Price changes that were listed, and that the answers as read again do not state; per GPU-hour in the currency charged';

alter table cloudgpus.retracted_price_events enable row level security;

create policy shown on cloudgpus.retracted_price_events for select using (
    exists (select from cloudgpus.providers where providers.id = retracted_price_events.provider_id and providers.is_active)
);

do $$
declare
    reader text;
    event text;
begin
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('grant select on cloudgpus.retracted_price_events to %I', reader);
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.retracted_price_events to service_role using (true) with check (true);
    end if;

    foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
        execute format(
            'create trigger move_slices_%s after %s on cloudgpus.retracted_price_events %s
            for each statement execute function cloudgpus.note_moved_slices(%L, %L)',
            event,
            event,
            case event
                when 'insert' then 'referencing new table as new_rows'
                when 'delete' then 'referencing old table as old_rows'
                when 'update' then 'referencing old table as old_rows new table as new_rows'
                else ''
            end,
            '{}',
            $sql$ select 'trends:' || slug from cloudgpus.gpu_models where id = changed.gpu_model_id $sql$
        );
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0023_retractions');
