-- What a build need not read again: which slices of the data have moved, each GPU's and provider's figures as settled, and
-- what every page has read.

create table cloudgpus.moved_slices (
    id bigint generated always as identity primary key,
    slice text not null
);

comment on table cloudgpus.moved_slices is
    'Slices of the catalogue that writers have moved since the last settle_slices(): a queue, so that nobody waits';
comment on column cloudgpus.moved_slices.slice is
    'A field of the catalogue and a slug: "offers_by_gpu:h100-sxm"; the field alone: what it lists; "everything"';

create table cloudgpus.slice_revisions (
    slice text primary key,
    revision bigint not null
);

create index idx_slice_revisions on cloudgpus.slice_revisions (revision);

comment on table cloudgpus.slice_revisions is 'At which revision each slice last moved; one that never did has no row';

create table cloudgpus.slices_settled (
    as_of timestamptz not null,
    revision bigint not null,
    has_live_offers boolean not null default false,
    later_offers text not null default '',
    is_only boolean primary key default true check (is_only)
);

comment on table cloudgpus.slices_settled is 'One row: the instant of the settled figures, and the newest revision';
comment on column cloudgpus.slices_settled.has_live_offers is
    'Whether a live answer was stored by then: from the first one on, recorded prices count in no figure';
comment on column cloudgpus.slices_settled.later_offers is
    'Hash of the offers that were confirmed after as_of by then, which are shown once it has passed; empty: none';

insert into cloudgpus.slices_settled (as_of, revision) values ('-infinity', 0);

create table cloudgpus.gpu_figures (
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,
    pricing_type text not null,
    segment text not null,
    providers_n integer not null,
    offers_n integer not null,
    floor numeric not null,
    p25 numeric not null,
    median numeric not null,
    p75 numeric not null,
    ceiling numeric not null,
    cheapest_provider varchar(50) not null,

    primary key (gpu_model_id, pricing_type, segment),
    constraint gpu_figures_numbers check ('NaN' <> all (array[floor, p25, median, p75, ceiling]))
);

comment on table cloudgpus.gpu_figures is
    'Each GPU''s market at slices_settled.as_of, US dollars per GPU-hour: one vote per provider, its cheapest ranked offer';
comment on column cloudgpus.gpu_figures.segment is 'Empty: the whole market';

create table cloudgpus.gpu_floors (
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    pricing_type text not null,
    floor numeric not null,

    primary key (gpu_model_id, provider_id, pricing_type),
    constraint gpu_floors_numbers check (floor <> 'NaN')
);

create index idx_gpu_floors_provider on cloudgpus.gpu_floors (provider_id);

comment on table cloudgpus.gpu_floors is
    'Each provider''s cheapest ranked offer of a GPU at slices_settled.as_of, US dollars per GPU-hour';

create table cloudgpus.gpu_offers (
    gpu_model_id uuid primary key references cloudgpus.gpu_models (id) on delete cascade,
    offers_n integer not null
);

comment on table cloudgpus.gpu_offers is 'How many offers of each GPU are shown at slices_settled.as_of';

create table cloudgpus.provider_figures (
    provider_id uuid primary key references cloudgpus.providers (id) on delete cascade,
    offers_n integer not null,
    gpus_n integer not null,
    fresh_gpus_n integer not null,
    regions_n integer not null,
    has_spot boolean not null,
    has_reserved boolean not null,
    has_infiniband boolean not null,
    confirmed_on date,
    is_recorded boolean not null,
    evidence_url text,
    origin text not null,
    origin_url text not null
);

comment on table cloudgpus.provider_figures is
    'What each provider shows at slices_settled.as_of, when its prices were last confirmed, and where they are from';

create table cloudgpus.page_slices (
    number integer primary key,
    name text not null unique,
    version bigint,
    reads integer[] not null default '{}',
    readers integer[] not null default '{}'
);

comment on table cloudgpus.page_slices is 'Each slice that a page has read, and each view that was computed on the way';
comment on column cloudgpus.page_slices.name is 'As in moved_slices; of a view: its name and arguments, "gpus.gpu_line:h100-sxm"';
comment on column cloudgpus.page_slices.version is 'Hash of a view''s value; null for what is read from the tables';
comment on column cloudgpus.page_slices.reads is 'The numbers of the slices that a view has read';
comment on column cloudgpus.page_slices.readers is
    'The numbers of the pages that read it, and the negative numbers of the views; some may no longer do so';

-- A page's record no longer holds its slices by name; the next build makes every page again.
alter table cloudgpus.built_pages
    drop column inputs,
    drop column code_version,
    add column key text[] not null default '{}',
    add column number integer unique,
    add column reads integer[] not null default '{}',
    add column model_hash text not null default '',
    add column looked_at timestamptz,
    add column made_at timestamptz,
    add column changed_at timestamptz;

comment on column cloudgpus.built_pages.key is 'The slugs that identify it within its type';
comment on column cloudgpus.built_pages.number is 'As page_slices.readers names it; null: made before slices were recorded';
comment on column cloudgpus.built_pages.reads is 'The numbers of the slices in page_slices that it read';
comment on column cloudgpus.built_pages.model_hash is 'Of all that its templates were given';
comment on column cloudgpus.built_pages.looked_at is 'started_at of the build that last asked whether it shows something else';
comment on column cloudgpus.built_pages.made_at is 'started_at of the build that last rendered it';
comment on column cloudgpus.built_pages.changed_at is 'started_at of the build that last wrote other bytes';

alter table cloudgpus.builds
    drop column code_version,
    add column revision bigint,
    add column code jsonb not null default '{}'::jsonb,
    add column is_same_for text not null default '',
    add column report jsonb not null default '{}'::jsonb;

comment on column cloudgpus.builds.generation is
    'Hash of the site''s files, which the output folder carries too; where the two differ, every file is compared';
comment on column cloudgpus.builds.revision is 'The newest revision of slices_settled that it has seen';
comment on column cloudgpus.builds.code is 'Version of the code behind each page type, and of all of it as ""';
comment on column cloudgpus.builds.is_same_for is 'Version of what is the same on every page: the site''s name, address, licences';
comment on column cloudgpus.builds.report is 'What it reported, for builds that find nothing to do';

create index idx_instances_upstream on cloudgpus.instances (upstream) where upstream is not null;
create index idx_market_days_gpu on cloudgpus.market_days (gpu_model_id, day);

-- Which slices a changed row moves, for each table: a query over the row, called "changed".  Columns that no page shows are
-- left out, and so does not every update move something.
do $$
declare
    moves record;
    event text;
begin
    for moves in
        select *
        from (values
            ('gpu_models', 'slices', array['created_at', 'updated_at'], $sql$
                values ('gpus:' || changed.slug), ('offers_by_gpu:' || changed.slug), ('listed_gpus'), ('sellers')
                union all
                select distinct 'offers_by_provider:' || provider.slug
                from cloudgpus.instances as offer
                inner join cloudgpus.providers as provider on provider.id = offer.provider_id
                where offer.gpu_model_id = changed.id
                union all
                select 'sold_by_provider:' || provider.slug
                from cloudgpus.sold_without_price as sold
                inner join cloudgpus.providers as provider on provider.id = sold.provider_id
                where sold.gpu_model_id = changed.id
                union all
                select unnest(array['held_back_by_provider:' || provider.slug, 'held_back'])
                from cloudgpus.quarantine as entry
                inner join cloudgpus.providers as provider on provider.id = entry.provider_id
                where entry.gpu_model_id = changed.id
                union all
                select unnest(array['disagreements_by_provider:' || provider.slug, 'disagreements'])
                from cloudgpus.disagreements as entry
                inner join cloudgpus.providers as provider on provider.id = entry.provider_id
                where entry.gpu_model_id = changed.id
            $sql$),
            ('providers', 'slices', array['created_at', 'updated_at', 'last_price_update'], $sql$
                values ('providers:' || changed.slug), ('listed_providers'), ('offers_by_provider:' || changed.slug)
                union all
                select distinct 'offers_by_gpu:' || gpu.slug
                from cloudgpus.instances as offer
                inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
                where offer.provider_id = changed.id
                union all
                select 'sold_by_gpu:' || gpu.slug
                from cloudgpus.sold_without_price as sold
                inner join cloudgpus.gpu_models as gpu on gpu.id = sold.gpu_model_id
                where sold.provider_id = changed.id
                union all
                select unnest(array['held_back_by_gpu:' || gpu.slug, 'held_back'])
                from cloudgpus.quarantine as entry
                left join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
                where entry.provider_id = changed.id
                union all
                select 'held_back'
                from cloudgpus.unmapped_gpu_names as unmapped
                where unmapped.provider_id = changed.id
                union all
                select unnest(array['disagreements_by_gpu:' || gpu.slug, 'disagreements'])
                from cloudgpus.disagreements as entry
                inner join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
                where entry.provider_id = changed.id
            $sql$),
            ('source_classes', 'slices', array[]::text[], $sql$ values ('everything') $sql$),
            ('provider_terms', 'slices', array[]::text[], $sql$
                select 'terms_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('exchange_rates', 'slices', array[]::text[], $sql$
                select distinct 'terms_by_provider:' || provider.slug
                from cloudgpus.provider_terms as term
                inner join cloudgpus.providers as provider on provider.id = term.provider_id
                where term.currency = changed.currency
                union all
                select distinct 'trends:' || gpu.slug
                from cloudgpus.price_series as series
                inner join cloudgpus.gpu_models as gpu on gpu.id = series.gpu_model_id
                where series.currency = changed.currency
            $sql$),
            ('sold_without_price', 'slices', array[]::text[], $sql$
                select 'sold_by_gpu:' || slug from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'sold_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('instances', 'slices', array['created_at', 'updated_at', 'raw_data'], $sql$
                select unnest(array['offers_by_gpu:' || slug, 'sold_by_gpu:' || slug])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select unnest(array['offers_by_provider:' || slug, 'sold_by_provider:' || slug])
                from cloudgpus.providers where id = changed.provider_id
                union all
                select 'trends:' || slug
                from cloudgpus.gpu_models
                where id = changed.gpu_model_id
                    or id in (select gpu_model_id from cloudgpus.price_series where instance_id = changed.id)
            $sql$),
            ('price_history', 'slices', array['id', 'last_confirmed_at'], $sql$
                select unnest(array['trends:' || slug, 'availability_by_gpu:' || slug])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'availability_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('market_days', 'slices', array[]::text[], $sql$
                select unnest(array['trends:' || slug, case when not exists (
                    select
                    from cloudgpus.market_days as earlier
                    where earlier.gpu_model_id = changed.gpu_model_id
                        and earlier.day < changed.day
                ) then 'listed_gpus' end])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
            $sql$),
            ('captures', 'slices', array[]::text[], $sql$
                select 'evidence:' || slug from cloudgpus.providers where id = changed.provider_id
                union all
                select unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
                from cloudgpus.instances as offer
                inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
                inner join cloudgpus.providers as provider on provider.id = offer.provider_id
                left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
                where offer.provider_id = changed.provider_id
                    and offer.is_recorded
                    and coalesce(confirmation.scrape_job_id, offer.scrape_job_id) = changed.scrape_job_id
            $sql$),
            (
                'scrape_jobs',
                'slices',
                array[
                    'run_id', 'is_recorded', 'started_at', 'completed_at', 'observed_at', 'duration_ms', 'instances_found',
                    'instances_updated', 'instances_created', 'instances_deactivated', 'instances_unchanged',
                    'offers_rejected', 'report', 'error_message', 'error_code', 'retry_count', 'request_url',
                    'response_status_code', 'raw_response_size_bytes', 'scraper_version', 'worker_id'
                ],
                $sql$ select 'evidence:' || slug from cloudgpus.providers where id = changed.provider_id $sql$
            ),
            ('reference_sources', 'slices', array[]::text[], $sql$ values ('everything') $sql$),
            ('reference_history', 'slices', array[]::text[], $sql$
                select unnest(array['reference_trends:' || slug, 'moves', 'listed_gpus'])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'readings_left_out' where changed.price_basis <> 'complete'
            $sql$),
            ('reference_left_out', 'slices', array[]::text[], $sql$ values ('readings_left_out') $sql$),
            ('quarantine', 'slices', array['seen_n', 'last_seen_at', 'last_job_id', 'detail', 'prices'], $sql$
                select 'held_back_by_gpu:' || slug from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select unnest(array['held_back_by_provider:' || slug, 'held_back'])
                from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('unmapped_gpu_names', 'slices', array['last_seen_at', 'example_instance_type'], $sql$
                select unnest(array['held_back_by_provider:' || slug, 'held_back'])
                from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('disagreements', 'slices', array['last_seen', 'first_seen_run', 'judged_by', 'judged_at'], $sql$
                select unnest(array['disagreements_by_gpu:' || slug, 'disagreements'])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'disagreements_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            (
                'content_pages',
                'slices',
                array[
                    'created_at', 'updated_at', 'published_at', 'generated_at', 'content_html', 'canonical_url',
                    'structured_data', 'related_gpu_ids', 'related_provider_ids'
                ],
                $sql$
                select unnest(array['guides:' || split_part(changed.slug, '/', 2), 'guides'])
                where changed.page_type = 'guide'
            $sql$),
            ('gpu_figures', 'slices', array[]::text[], $sql$
                select unnest(array['stats_by_gpu:' || slug, case changed.segment when '' then 'listed_gpus' end])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
            $sql$),
            ('gpu_floors', 'slices', array[]::text[], $sql$
                select 'floors_by_gpu:' || slug from cloudgpus.gpu_models where id = changed.gpu_model_id
                union all
                select 'floors_by_provider:' || slug from cloudgpus.providers where id = changed.provider_id
            $sql$),
            ('gpu_floors', 'sellers', array['floor'], $sql$
                select 'sellers'
                union all
                select distinct 'offers_by_provider:' || reseller.slug
                from cloudgpus.providers as cloud
                inner join cloudgpus.instances as offer on offer.upstream = cloud.slug
                inner join cloudgpus.providers as reseller on reseller.id = offer.provider_id
                where cloud.id = changed.provider_id
                    and offer.gpu_model_id = changed.gpu_model_id
            $sql$),
            ('gpu_offers', 'slices', array[]::text[], $sql$
                select unnest(array['offers_n:' || slug, 'listed_gpus'])
                from cloudgpus.gpu_models where id = changed.gpu_model_id
            $sql$),
            ('provider_figures', 'slices', array[]::text[], $sql$
                select unnest(array['provider_figures:' || slug, 'listed_providers'])
                from cloudgpus.providers where id = changed.provider_id
            $sql$)
        ) as listed (relation, what, hidden, slices)
    loop
        foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
            execute format(
                'create trigger %I after %s on cloudgpus.%I %s for each statement
                execute function cloudgpus.note_moved_slices(%L, %L)',
                format('move_%s_%s', moves.what, event),
                event,
                moves.relation,
                case event
                    when 'insert' then 'referencing new table as new_rows'
                    when 'delete' then 'referencing old table as old_rows'
                    when 'update' then 'referencing old table as old_rows new table as new_rows'
                    else ''
                end,
                moves.hidden,
                moves.slices
            );
        end loop;
    end loop;
end $$;

-- Rows of many tables are shown under the slug of a GPU or provider, and only while it is in use; how far a price carries
-- follows from its source's class.
do $$
declare
    relation text;
begin
    foreach relation in array array['gpu_models', 'providers'] loop
        execute format(
            'create trigger move_everything_update after update on cloudgpus.%I
            referencing old table as old_rows new table as new_rows for each statement
            execute function cloudgpus.note_moved_slices(%L, %L)',
            relation,
            array(
                select attname::text
                from pg_catalog.pg_attribute
                where attrelid = format('cloudgpus.%I', relation)::regclass
                    and attnum > 0
                    and attname <> all(array['slug', 'is_active', 'kind', 'source_class', 'provider_type'])
            ),
            $sql$ values ('everything') $sql$
        );
    end loop;
end $$;

-- Confirming a price again moves a slice only where the day that its page shows moves, or where it may have aged meanwhile.
create trigger move_slices_insert
    after insert on cloudgpus.confirmations
    referencing new table as new_rows
    for each statement execute function cloudgpus.note_moved_confirmations();

create trigger move_slices_update
    after update on cloudgpus.confirmations
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.note_moved_confirmations();

create trigger move_slices_delete
    after delete on cloudgpus.confirmations
    referencing old table as old_rows
    for each statement execute function cloudgpus.note_moved_confirmations();

insert into cloudgpus.moved_slices (slice) values ('everything');

do $$
declare
    relation text;
begin
    foreach relation in array array[
        'moved_slices', 'slice_revisions', 'slices_settled', 'gpu_figures', 'gpu_floors', 'gpu_offers', 'provider_figures',
        'page_slices'
    ] loop
        execute format('alter table cloudgpus.%I enable row level security', relation);
        if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
            execute format('create policy service on cloudgpus.%I to service_role using (true) with check (true)', relation);
        end if;
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        revoke insert, update, delete on
            cloudgpus.slice_revisions, cloudgpus.slices_settled, cloudgpus.gpu_figures, cloudgpus.gpu_floors,
            cloudgpus.gpu_offers, cloudgpus.provider_figures, cloudgpus.page_slices
        from service_role;
        revoke update, delete on cloudgpus.moved_slices from service_role;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0012_slices');
