-- Who may do what: anon and authenticated read what the site shows, service_role reads everything and writes rows.
-- Tables made later are closed to the first two by default; sql/queries/functions_close.sql says who may call what.

-- Supabase has these roles. Elsewhere they are made, if the user may; if not, nobody gets a grant.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        continue when exists (select from pg_catalog.pg_roles where rolname = wanted);
        begin
            execute format('create role %I nologin noinherit', wanted);
            insert into cloudgpus.project_objects (kind, name) values ('role', wanted);
        exception
            when duplicate_object or unique_violation then
                null;
            when insufficient_privilege then
                raise notice 'role % is missing and % may not create it: no access is granted to it', wanted, current_user;
        end;
    end loop;

    -- Only a role made here is changed, and only a superuser may change it.
    if exists (select from cloudgpus.project_objects where kind = 'role' and name = 'service_role') then
        begin
            alter role service_role bypassrls;
        exception when insufficient_privilege then
            raise notice 'service_role gets policies instead of bypassrls, which % may not grant it', current_user;
        end;
    end if;
end $$;

-- Row-level security on every table: without a policy, nobody but the owner sees a row.  BYPASSRLS is not inherited: a
-- login that is a member of service_role needs policies, even where service_role itself does not.
do $$
declare
    guarded record;
begin
    for guarded in
        select oid::regclass as name, relispartition as is_partition
        from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p')
    loop
        execute format('alter table %s enable row level security', guarded.name);
        if not guarded.is_partition and exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
            execute format('create policy service on %s to service_role using (true) with check (true)', guarded.name);
        end if;
    end loop;
end $$;

create policy shown on cloudgpus.gpu_models for select using (true);
create policy shown on cloudgpus.gpu_benchmarks for select using (true);
create policy shown on cloudgpus.price_history for select using (true);
create policy shown on cloudgpus.providers for select using (is_active);
create policy shown on cloudgpus.instances for select using (is_active);
create policy shown on cloudgpus.content_pages for select using (is_published);
create policy shown on cloudgpus.provider_terms for select using (
    exists (select from cloudgpus.providers where providers.id = provider_terms.provider_id and providers.is_active)
);
create policy shown on cloudgpus.provider_regions for select using (
    exists (select from cloudgpus.providers where providers.id = provider_regions.provider_id and providers.is_active)
);
create policy shown on cloudgpus.sold_without_price for select using (
    exists (select from cloudgpus.providers where providers.id = sold_without_price.provider_id and providers.is_active)
);
create policy shown on cloudgpus.disagreements for select using (
    state <> 'settled'
    and exists (select from cloudgpus.providers where providers.id = disagreements.provider_id and providers.is_active)
);

-- Whatever a database grants by default on new objects, to everybody or to these two, is revoked: they get only what is
-- granted below.
do $$
declare
    reader text;
begin
    foreach reader in array array['public', 'anon', 'authenticated'] loop
        continue when reader <> 'public' and not exists (select from pg_catalog.pg_roles where rolname = reader);
        execute format('revoke all on all tables in schema cloudgpus from %s', reader);
        execute format('revoke all on all sequences in schema cloudgpus from %s', reader);
        execute format('revoke create on schema cloudgpus from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on tables from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on sequences from %s', reader);
        execute format('alter default privileges in schema cloudgpus revoke all on functions from %s', reader);
    end loop;

    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('grant usage on schema cloudgpus to %I', reader);
        execute format('grant select on
            cloudgpus.gpu_models, cloudgpus.gpu_benchmarks, cloudgpus.provider_terms, cloudgpus.provider_regions,
            cloudgpus.sold_without_price
        to %I', reader);

        -- Not the affiliate programme, nor the API's address, authentication and limits.
        execute format('grant select (
            id, slug, name, display_name, provider_type, reliability_tier, source_class, headquarters_country, founded_year,
            website_url, pricing_url, docs_url, status_page_url,
            sla_uptime_percent, supports_spot_instances, supports_reserved_instances, supports_bare_metal,
            min_billing_increment_seconds, available_regions, description, pros, cons, best_for, logo_url, brand_color,
            is_active, last_price_update, created_at, updated_at
        ) on cloudgpus.providers to %I', reader);

        -- Not the raw data, its job, and where and when it was scraped.
        execute format('grant select (
            id, provider_id, gpu_model_id, instance_type, region, instance_name, gpu_count, gpu_share, size_stated,
            price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
            price_per_gpu_hour, price_per_vram_gb_hour, price_includes, price_basis, currency,
            original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
            original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y, exchange_rate, exchange_rate_date,
            vcpu_count, ram_gb, storage_type, storage_gb, network_bandwidth_gbps,
            has_nvlink, has_infiniband, infiniband_bandwidth_gbps,
            availability_status, availability_stated, available_regions, min_rental_hours, max_rental_hours,
            billing_increment_seconds, setup_fee, upstream, instance_url, offers_merged, is_recorded,
            is_active, created_at, updated_at
        ) on cloudgpus.instances to %I', reader);

        execute format('grant select (
            id, instance_id, provider_id, gpu_model_id,
            price_per_hour, price_per_gpu_hour, price_per_hour_spot, price_per_month,
            price_per_hour_reserved_1y, price_per_hour_reserved_3y,
            availability_status, gpu_count, gpu_share, currency,
            original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
            original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y,
            is_recorded, is_active, recorded_at, valid_to, last_confirmed_at, recorded_month
        ) on cloudgpus.price_history to %I', reader);

        -- Not who judged it, nor the address where our price was read.
        execute format('grant select (
            id, provider_id, gpu_model_id, pricing_type, region, gpu_count,
            instance_type, instance_region, price_per_gpu_hour, observed_at,
            reading_source, reading_url, reading_licence, reading_price_per_gpu_hour, reading_observed_at,
            ratio, last_seen, state, verdict, judged_at, reason
        ) on cloudgpus.disagreements to %I', reader);

        -- Not how a text was generated.
        execute format('grant select (
            id, slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
            related_gpu_ids, related_provider_ids, is_published, published_at, created_at, updated_at
        ) on cloudgpus.content_pages to %I', reader);
    end loop;
end $$;

-- service_role reads and writes rows.  It may not make triggers or foreign keys, nor truncate: a trigger's function runs
-- as whoever writes next, the owner included.
do $$
declare
    relation record;
    type regtype;
    has_service boolean := exists (select from pg_catalog.pg_roles where rolname = 'service_role');
begin
    for relation in
        select
            oid::regclass as name,
            case
                -- A month is written through price_history, whose triggers keep the daily prices.
                when relname ~ '^price_history_' or relkind = 'v' then 'select'
                -- The bookkeeping of migrations, rollbacks and builds.
                when relname in ('schema_migrations', 'schema_functions', 'project_objects', 'builds', 'built_pages')
                    then 'select'
                else 'select, insert, update, delete'
            end as privileges
        from pg_catalog.pg_class
        where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p', 'v') and has_service
    loop
        execute format('revoke all on %s from service_role', relation.name);
        execute format('grant %s on %s to service_role', relation.privileges, relation.name);
    end loop;

    -- Somebody's own table or function that uses one of our types would keep us from changing the type.
    for type in
        select oid from pg_catalog.pg_type where typnamespace = 'cloudgpus'::regnamespace and typtype in ('e', 'd')
    loop
        execute format('revoke usage on type %s from public', type);
        if has_service then
            execute format('grant usage on type %s to service_role', type);
        end if;
    end loop;

    if has_service then
        grant usage on schema cloudgpus to service_role;
        grant usage on all sequences in schema cloudgpus to service_role;
        alter default privileges in schema cloudgpus revoke all on tables from service_role;
        alter default privileges in schema cloudgpus grant select, insert, update, delete on tables to service_role;
        alter default privileges in schema cloudgpus grant usage on sequences to service_role;
        alter default privileges in schema cloudgpus grant execute on functions to service_role;
    end if;
end $$;

-- Where another role owns the schema, the administrator "postgres" reads and writes it too.
do $$
begin
    if current_user <> 'postgres' and exists (select from pg_catalog.pg_roles where rolname = 'postgres') then
        grant usage on schema cloudgpus to postgres;
        grant all on all tables in schema cloudgpus to postgres;
        grant usage on all sequences in schema cloudgpus to postgres;
        alter default privileges in schema cloudgpus grant all on tables to postgres;
        alter default privileges in schema cloudgpus grant usage on sequences to postgres;
        alter default privileges in schema cloudgpus grant execute on functions to postgres;
    end if;
end $$;

-- Large objects are in no table, and so in none of our backups.
select cloudgpus.refuse_large_objects();

insert into cloudgpus.schema_migrations (id) values ('0011_rights');
