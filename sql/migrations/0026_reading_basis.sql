-- What a reading of others is of, and how many of each source's readings are left out by which rule.

-- Those that are there keep null, not known, until the seed is loaded again: they enter no figure.
alter table cloudgpus.reference_history
    add column price_basis text,
    add constraint reference_history_price_basis_known check (price_basis in ('complete', 'gpu_only', 'bundle'));

alter table cloudgpus.reference_history alter column price_basis set default 'complete';

comment on column cloudgpus.reference_history.price_basis is
    'As in instances: only complete readings, of a whole machine, enter a series, floor, median or band; null: not known';

create table cloudgpus.reference_left_out (
    source_id smallint not null references cloudgpus.reference_sources (id) on delete restrict,
    rule text not null,
    readings_n integer not null,

    primary key (source_id, rule),

    constraint reference_left_out_counts check (readings_n > 0)
);

comment on table cloudgpus.reference_left_out is
    'How many readings of a source are not in reference_history, by the rule that left them out';

alter table cloudgpus.reference_left_out enable row level security;

-- Visitors read it as little as the readings; roles that are not there get no grant.
do $$
declare
    reader text;
begin
    revoke all on cloudgpus.reference_left_out from public;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on cloudgpus.reference_left_out from %I', reader);
    end loop;

    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.reference_left_out to service_role using (true) with check (true);
    end if;
    for reader in select rolname from pg_catalog.pg_roles where rolname in ('postgres', 'service_role') loop
        continue when reader = current_user;
        execute format('grant all on cloudgpus.reference_left_out to %I', reader);
    end loop;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0026_reading_basis');
