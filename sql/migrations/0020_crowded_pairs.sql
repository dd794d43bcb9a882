-- A provider with more offers of a GPU than a table takes has a page for them, whatever else there is to say.

create table cloudgpus.crowded_pairs (
    provider_id uuid not null references cloudgpus.providers (id) on delete cascade,
    gpu_model_id uuid not null references cloudgpus.gpu_models (id) on delete cascade,

    primary key (provider_id, gpu_model_id)
);

comment on table cloudgpus.crowded_pairs is
    'The providers and GPUs of which more than 20 offers are shown at slices_settled.as_of';

do $$
declare
    event text;
begin
    foreach event in array array['insert', 'delete'] loop
        execute format(
            'create trigger move_slices_%s after %s on cloudgpus.crowded_pairs referencing %s for each statement
            execute function cloudgpus.note_moved_slices(%L, %L)',
            event,
            event,
            case event when 'insert' then 'new table as new_rows' else 'old table as old_rows' end,
            array[]::text[],
            $sql$ values ('crowded_pairs') $sql$
        );
    end loop;
end $$;

insert into cloudgpus.moved_slices (slice) values ('everything');

alter table cloudgpus.crowded_pairs enable row level security;

do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.crowded_pairs to service_role using (true) with check (true);
        revoke insert, update, delete on cloudgpus.crowded_pairs from service_role;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0020_crowded_pairs');
