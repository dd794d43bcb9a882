do $$
declare
    made record;
begin
    for made in
        select distinct tgname as name, tgrelid::regclass as relation
        from pg_catalog.pg_trigger as trigger
        inner join pg_catalog.pg_class as relation on relation.oid = trigger.tgrelid
        where relation.relnamespace = 'cloudgpus'::regnamespace
            and not relation.relispartition
            and trigger.tgname ~ '^move_(slices|sellers|everything)_'
    loop
        execute format('drop trigger %I on %s', made.name, made.relation);
    end loop;
end $$;

drop index cloudgpus.idx_instances_upstream;
drop index cloudgpus.idx_market_days_gpu;

alter table cloudgpus.builds
    drop column revision,
    drop column code,
    drop column is_same_for,
    drop column report,
    add column code_version text not null default '';

alter table cloudgpus.built_pages
    drop column key,
    drop column number,
    drop column reads,
    drop column model_hash,
    drop column looked_at,
    drop column made_at,
    drop column changed_at,
    add column inputs jsonb not null default '{}'::jsonb,
    add column code_version text not null default '';

alter table cloudgpus.builds alter column code_version drop default;
alter table cloudgpus.built_pages alter column code_version drop default;

comment on column cloudgpus.built_pages.inputs is 'The slices of the catalogue it read, each with its version';
comment on column cloudgpus.built_pages.code_version is 'Version of the templates and code that built it';
comment on column cloudgpus.builds.generation is 'Token that is also in the output folder; where the two differ, every file is compared';

drop table cloudgpus.page_slices;
drop table cloudgpus.provider_figures;
drop table cloudgpus.gpu_offers;
drop table cloudgpus.gpu_floors;
drop table cloudgpus.gpu_figures;
drop table cloudgpus.slices_settled;
drop table cloudgpus.slice_revisions;
drop table cloudgpus.moved_slices;

delete from cloudgpus.schema_migrations where id = '0012_slices';
