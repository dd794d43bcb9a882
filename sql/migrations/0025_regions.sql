-- Where providers' regions are, so that offers can be told by country and by continent.

create table cloudgpus.provider_regions (
    provider_id uuid not null references cloudgpus.providers (id) on delete restrict,
    region varchar(60) not null,

    name text not null default '',
    country char(2),
    continent text not null,

    source_url varchar(500),
    checked_on date,
    is_active boolean not null default true,

    primary key (provider_id, region),

    constraint provider_regions_country_is_iso check (country ~ '^[A-Z]{2}$'),
    constraint provider_regions_continent_known check (
        continent in ('Africa', 'Antarctica', 'Asia', 'Europe', 'North America', 'Oceania', 'South America')
    ),
    constraint provider_regions_sources_have_a_day check ((source_url is null) = (checked_on is null))
);

comment on table cloudgpus.provider_regions is
    'The regions of providers that are known: those of dated lists, and those of offers whose code names the country';
comment on column cloudgpus.provider_regions.region is 'The provider''s code, verbatim, as in instances.region';
comment on column cloudgpus.provider_regions.country is
    'ISO 3166-1, two letters; null where the code names a continent and nobody says which country';
comment on column cloudgpus.provider_regions.source_url is 'The list with the region; null where its code says where it is';
comment on column cloudgpus.provider_regions.is_active is 'False: no list has it any more; offers of the past may be there';

create index idx_provider_regions_country on cloudgpus.provider_regions (country) where is_active;

alter table cloudgpus.provider_regions enable row level security;

create policy shown on cloudgpus.provider_regions for select using (
    exists (select from cloudgpus.providers where providers.id = provider_regions.provider_id and providers.is_active)
);

-- Roles that are not there get no grant; whatever the database grants by default is taken from the public first.
do $$
declare
    reader text;
begin
    revoke all on cloudgpus.provider_regions from public;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on cloudgpus.provider_regions from %I', reader);
        execute format('grant select on cloudgpus.provider_regions to %I', reader);
    end loop;

    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.provider_regions to service_role using (true) with check (true);
    end if;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant all on cloudgpus.provider_regions to %I', reader);
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0025_regions');
