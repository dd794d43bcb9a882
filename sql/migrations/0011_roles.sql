-- Who may read what: anon and authenticated what the site shows and nothing else, service_role everything.

-- On Supabase the roles are there. Elsewhere they are made, where the user may; where not, nobody gets a grant.
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

    -- Only one that was made here; only a superuser can allow it.
    if exists (select from cloudgpus.project_objects where kind = 'role' and name = 'service_role') then
        begin
            alter role service_role bypassrls;
        exception when insufficient_privilege then
            raise notice 'service_role gets policies: % may not let it pass row-level security', current_user;
        end;
    end if;
end $$;

-- Row-level security on every table: without a policy, nobody but the owner sees a row.
alter table cloudgpus.project_objects enable row level security;
alter table cloudgpus.schema_migrations enable row level security;
alter table cloudgpus.source_classes enable row level security;
alter table cloudgpus.gpu_models enable row level security;
alter table cloudgpus.gpu_aliases enable row level security;
alter table cloudgpus.providers enable row level security;
alter table cloudgpus.exchange_rates enable row level security;
alter table cloudgpus.runs enable row level security;
alter table cloudgpus.scrape_jobs enable row level security;
alter table cloudgpus.capture_bodies enable row level security;
alter table cloudgpus.captures enable row level security;
alter table cloudgpus.unmapped_gpu_names enable row level security;
alter table cloudgpus.instances enable row level security;
alter table cloudgpus.confirmations enable row level security;
alter table cloudgpus.price_history enable row level security;
alter table cloudgpus.price_history_default enable row level security;
alter table cloudgpus.gpu_benchmarks enable row level security;
alter table cloudgpus.content_pages enable row level security;
alter table cloudgpus.reference_sources enable row level security;
alter table cloudgpus.reference_history enable row level security;
alter table cloudgpus.built_pages enable row level security;
alter table cloudgpus.builds enable row level security;

create policy shown on cloudgpus.gpu_models for select using (true);
create policy shown on cloudgpus.gpu_benchmarks for select using (true);
create policy shown on cloudgpus.price_history for select using (true);
create policy shown on cloudgpus.providers for select using (is_active);
create policy shown on cloudgpus.instances for select using (is_active);
create policy shown on cloudgpus.content_pages for select using (is_published);

revoke execute on all functions in schema cloudgpus from public;

do $$
declare
    reader text;
begin
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('grant usage on schema cloudgpus to %I', reader);
        execute format('grant select on cloudgpus.gpu_models, cloudgpus.gpu_benchmarks to %I', reader);

        -- Not the affiliate programme, not the API's address, key kind and limits.
        execute format('grant select (
            id, slug, name, display_name, provider_type, reliability_tier, source_class, headquarters_country, founded_year,
            website_url, pricing_url, docs_url, status_page_url,
            sla_uptime_percent, supports_spot_instances, supports_reserved_instances, supports_bare_metal,
            min_billing_increment_seconds, available_regions, description, pros, cons, best_for, logo_url, brand_color,
            is_active, last_price_update, created_at, updated_at
        ) on cloudgpus.providers to %I', reader);

        -- Not what was scraped, where and when.
        execute format('grant select (
            id, provider_id, gpu_model_id, instance_type, region, instance_name, gpu_count, gpu_share,
            price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
            price_per_gpu_hour, price_per_vram_gb_hour, price_includes, price_basis, currency,
            original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
            original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y, exchange_rate, exchange_rate_date,
            vcpu_count, ram_gb, storage_type, storage_gb, network_bandwidth_gbps,
            has_nvlink, has_infiniband, infiniband_bandwidth_gbps,
            availability_status, availability_stated, available_regions, min_rental_hours, max_rental_hours,
            billing_increment_seconds, setup_fee, instance_url, offers_merged, is_recorded,
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

        -- Not how a text was generated.
        execute format('grant select (
            id, slug, page_type, title, meta_description, canonical_url, content_html, content_markdown, structured_data,
            related_gpu_ids, related_provider_ids, is_published, published_at, created_at, updated_at
        ) on cloudgpus.content_pages to %I', reader);

        -- Whatever the database grants by default on new tables, not on ours.
        execute format('alter default privileges in schema cloudgpus revoke all on tables from %I', reader);
    end loop;

    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant usage on schema cloudgpus to %I', reader);
        execute format('grant all on all tables in schema cloudgpus to %I', reader);
        execute format('grant usage on all sequences in schema cloudgpus to %I', reader);
        execute format('grant execute on all functions in schema cloudgpus to %I', reader);
        execute format('alter default privileges in schema cloudgpus grant all on tables to %I', reader);
        execute format('alter default privileges in schema cloudgpus grant usage on sequences to %I', reader);
        execute format('alter default privileges in schema cloudgpus grant execute on functions to %I', reader);
    end loop;
end $$;

-- A service_role that may not pass row-level security passes by policies.
do $$
declare
    guarded text;
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role' and not rolbypassrls) then
        for guarded in
            select relname from pg_catalog.pg_class
            where relnamespace = 'cloudgpus'::regnamespace and relkind in ('r', 'p') and not relispartition
        loop
            execute format('create policy service on cloudgpus.%I to service_role using (true) with check (true)', guarded);
        end loop;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0011_roles');
