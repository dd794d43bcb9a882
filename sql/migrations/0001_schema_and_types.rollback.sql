drop type cloudgpus.benchmark_workload;
drop type cloudgpus.scrape_status;
drop type cloudgpus.availability_status;
drop type cloudgpus.gpu_architecture;
drop type cloudgpus.provider_type;
drop type cloudgpus.reliability_tier;

drop table cloudgpus.schema_migrations;

-- An extension somebody else has come to use stays.
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
