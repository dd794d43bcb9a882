do $$
begin
    if exists (select from pg_catalog.pg_roles where rolname = 'cloudgpus_ci') then
        drop policy ci on cloudgpus.editors;
        revoke select (id, name, public_name, profile_url) on cloudgpus.editors from cloudgpus_ci;
    end if;
end $$;

delete from cloudgpus.schema_migrations where id = '0025_reviewers_names';
