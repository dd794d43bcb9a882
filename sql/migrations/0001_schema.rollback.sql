-- Only our own functions: those of the role that owns the bookkeeping tables.
do $$
declare
    ours regprocedure;
begin
    for ours in
        select proc.oid
        from pg_catalog.pg_proc as proc
        inner join pg_catalog.pg_class as kept on kept.oid = 'cloudgpus.schema_functions'::regclass
        where proc.pronamespace = 'cloudgpus'::regnamespace and proc.proowner = kept.relowner
    loop
        execute format('drop function %s', ours);
    end loop;
end $$;

drop type cloudgpus.provider_term_field;
drop type cloudgpus.benchmark_workload;
drop type cloudgpus.scrape_status;
drop type cloudgpus.availability_status;
drop type cloudgpus.gpu_architecture;
drop type cloudgpus.provider_type;
drop type cloudgpus.reliability_tier;

drop table cloudgpus.schema_functions;
drop table cloudgpus.schema_migrations;

-- An extension that somebody else uses by now stays.
do $$
declare
    extension text;
    schema_is_ours boolean := exists (select from cloudgpus.project_objects where kind = 'schema');
begin
    for extension in select name from cloudgpus.project_objects where kind = 'extension' loop
        begin
            execute format('drop extension if exists %I', extension);
        exception when dependent_objects_still_exist then
            raise notice 'extension % stays: %', extension, sqlerrm;
        end;
    end loop;

    drop table cloudgpus.project_objects;
    if schema_is_ours then
        drop schema cloudgpus;
    end if;
end $$;
