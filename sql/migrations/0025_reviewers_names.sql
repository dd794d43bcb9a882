-- A build names who reviewed a text: CI reads editors' names, and nothing else of them.

do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'cloudgpus_ci') then
        grant select (id, name, public_name, profile_url) on cloudgpus.editors to cloudgpus_ci;
        create policy ci on cloudgpus.editors for select to cloudgpus_ci using (true);
    end if;
end $$;

insert into cloudgpus.schema_migrations (id) values ('0025_reviewers_names');
