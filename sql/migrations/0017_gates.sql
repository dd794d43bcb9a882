-- The gates' patience: what the rules of each page say, since when and in how many builds; and the addresses that were
-- once indexable, so that none of them ends nowhere.

alter table cloudgpus.built_pages
    add column gate_found text,
    add column gate_found_since timestamptz,
    add column gate_found_times integer not null default 1,
    add column gate_found_at timestamptz,
    add column was_indexable boolean not null default false;

update cloudgpus.built_pages
set gate_found = gate_state,
    gate_found_since = gate_since,
    gate_found_at = gate_since,
    was_indexable = gate_state = 'indexable';

alter table cloudgpus.built_pages
    alter column gate_found set not null,
    alter column gate_found_since set not null,
    alter column gate_found_at set not null,
    add constraint built_pages_gate_found_known check (gate_found in ('indexable', 'thin', 'stub'));

comment on column cloudgpus.built_pages.gate_found is 'What the rules of its type say; gate_state, which the page says, follows with patience';
comment on column cloudgpus.built_pages.gate_found_since is 'The first of the builds, one after the other, in which they say so';
comment on column cloudgpus.built_pages.gate_found_times is 'Where the page does not say so yet: in how many builds of different instants they have';
comment on column cloudgpus.built_pages.gate_found_at is 'As of which instant they were last asked';
comment on column cloudgpus.built_pages.was_indexable is 'Whether search engines could ever list it';

create index idx_built_pages_waiting on cloudgpus.built_pages (number) where gate_found <> gate_state;

create table cloudgpus.former_pages (
    path text primary key,
    page_type text not null,
    left_at timestamptz not null default now()
);

comment on table cloudgpus.former_pages is 'Pages that search engines could list and that are no longer built: they redirect';

alter table cloudgpus.former_pages enable row level security;

do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        create policy service on cloudgpus.former_pages to service_role using (true) with check (true);
        revoke insert, update, delete on cloudgpus.former_pages from service_role;
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0017_gates');
