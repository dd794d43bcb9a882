-- Machines that a provider is known to sell, and that no answer at hand has a price for.

create table cloudgpus.sold_without_price (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete restrict,
    machine_type varchar(100) not null,

    url varchar(500) not null,
    source_url varchar(500) not null,
    checked_on date not null,

    primary key (provider_id, machine_type)
);

create index sold_without_price_gpu on cloudgpus.sold_without_price (gpu_model_id);

comment on table cloudgpus.sold_without_price is
    'What a provider sells without a price at hand; it is shown only while no offer of the machine type is there';
comment on column cloudgpus.sold_without_price.url is 'The provider''s page to ask or look for the price';
comment on column cloudgpus.sold_without_price.source_url is 'What says that it is sold, as of checked_on';

alter table cloudgpus.sold_without_price enable row level security;

create policy shown on cloudgpus.sold_without_price for select using (
    exists (select from cloudgpus.providers where providers.id = sold_without_price.provider_id and providers.is_active)
);

-- Roles that are not there get no grant; whatever the database grants by default is taken from the public first.
do $$
declare
    reader text;
begin
    revoke all on cloudgpus.sold_without_price from public;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on cloudgpus.sold_without_price from %I', reader);
        execute format('grant select on cloudgpus.sold_without_price to %I', reader);
    end loop;

    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.sold_without_price to service_role using (true) with check (true);
    end if;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant all on cloudgpus.sold_without_price to %I', reader);
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0027_sold_without_price');
