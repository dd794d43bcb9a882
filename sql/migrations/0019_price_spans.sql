-- Each provider's price history of a GPU is shown: what moves it, and since when there is one.

create table cloudgpus.price_spans (
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,
    first_on date not null,
    has_changed boolean not null,

    primary key (provider_id, gpu_model_id)
);

comment on table cloudgpus.price_spans is
    'Of which GPUs each provider has stored prices at slices_settled.as_of, also of offers that are no longer on sale';
comment on column cloudgpus.price_spans.first_on is 'The UTC day of the first';
comment on column cloudgpus.price_spans.has_changed is 'Whether one of them, as charged, follows on another of the same offer and size';

do $$
declare
    moves record;
    shown text[] := array[
        'id', 'provider_id', 'gpu_model_id', 'instance_type', 'region', 'size_stated', 'price_basis', 'availability_stated'
    ];
    of_figures text[] := array[
        'instance_id', 'provider_id', 'gpu_model_id', 'is_active', 'recorded_at', 'gpu_count', 'gpu_share', 'currency',
        'price_per_hour', 'price_per_hour_spot', 'price_per_month', 'price_per_hour_reserved_1y',
        'price_per_hour_reserved_3y', 'original_price_per_hour', 'original_price_per_hour_spot',
        'original_price_per_month', 'original_price_per_hour_reserved_1y', 'original_price_per_hour_reserved_3y'
    ];
    others text := $sql$
        select array(
            select attname::text
            from pg_catalog.pg_attribute
            where attrelid = %L::regclass
                and attnum > 0
                and attname <> all(%L::text[])
        )
    $sql$;
    hidden_of_instances text[];
    hidden_of_history text[];
begin
    execute format(others, 'cloudgpus.instances', shown) into hidden_of_instances;
    execute format(others, 'cloudgpus.price_history', of_figures) into hidden_of_history;

    for moves in
        select listed.*, event
        from (values
            ('price_history', 'histories', array['insert', 'update', 'delete'], array['id', 'price_per_gpu_hour'], $sql$
                select 'histories:' || provider.slug || '/' || gpu.slug
                from cloudgpus.providers as provider
                inner join cloudgpus.gpu_models as gpu on gpu.id = changed.gpu_model_id
                where provider.id = changed.provider_id
            $sql$),
            -- Another price of those that are known to have changed tells nothing new.
            ('price_history', 'spans', array['insert'], array[]::text[], $sql$
                select 'price_spans:' || provider.slug || '/' || gpu.slug
                from cloudgpus.providers as provider
                inner join cloudgpus.gpu_models as gpu on gpu.id = changed.gpu_model_id
                where provider.id = changed.provider_id
                    and not exists (
                        select
                        from cloudgpus.price_spans as known
                        where known.provider_id = changed.provider_id
                            and known.gpu_model_id = changed.gpu_model_id
                            and known.has_changed
                            and known.first_on <= cloudgpus.utc_day(changed.recorded_at)
                    )
            $sql$),
            ('price_history', 'spans', array['update', 'delete'], hidden_of_history, $sql$
                select 'price_spans:' || provider.slug || '/' || gpu.slug
                from cloudgpus.providers as provider
                inner join cloudgpus.gpu_models as gpu on gpu.id = changed.gpu_model_id
                where provider.id = changed.provider_id
            $sql$),
            ('price_spans', 'slices', array['insert', 'update', 'delete'], array[]::text[], $sql$
                values ('price_spans')
            $sql$),
            ('instances', 'histories', array['update'], hidden_of_instances, $sql$
                select distinct 'histories:' || provider.slug || '/' || gpu.slug
                from cloudgpus.price_history as priced
                inner join cloudgpus.providers as provider on provider.id = priced.provider_id
                inner join cloudgpus.gpu_models as gpu on gpu.id = priced.gpu_model_id
                where priced.instance_id = changed.id
            $sql$)
        ) as listed (relation, what, events, hidden, slices)
        cross join lateral unnest(listed.events) as event
    loop
        execute format(
            'create trigger %I after %s on cloudgpus.%I referencing %s for each statement
            execute function cloudgpus.note_moved_slices(%L, %L)',
            format('move_%s_%s', moves.what, moves.event),
            moves.event,
            moves.relation,
            case moves.event
                when 'insert' then 'new table as new_rows'
                when 'delete' then 'old table as old_rows'
                else 'old table as old_rows new table as new_rows'
            end,
            moves.hidden,
            moves.slices
        );
    end loop;
end $$;

-- Where a price was read is that of its job, or of its recording.
create trigger move_evidence_update
    after update on cloudgpus.scrape_jobs
    for each row when (old.request_url is distinct from new.request_url)
    execute function cloudgpus.note_moved_evidence('id');

create trigger move_evidence_delete
    after delete on cloudgpus.scrape_jobs
    for each row execute function cloudgpus.note_moved_evidence('id');

create trigger move_evidence_update
    after update on cloudgpus.captures
    for each row when (
        (old.is_recorded or new.is_recorded)
        and (old.is_recorded, old.origin_url, old.scrape_job_id)
            is distinct from (new.is_recorded, new.origin_url, new.scrape_job_id)
    )
    execute function cloudgpus.note_moved_evidence('scrape_job_id');

create trigger move_evidence_delete
    after delete on cloudgpus.captures
    for each row when (old.is_recorded)
    execute function cloudgpus.note_moved_evidence('scrape_job_id');

insert into cloudgpus.moved_slices (slice) values ('everything');

alter table cloudgpus.price_spans enable row level security;

do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.price_spans to service_role using (true) with check (true);
        revoke insert, update, delete on cloudgpus.price_spans from service_role;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0019_price_spans');
