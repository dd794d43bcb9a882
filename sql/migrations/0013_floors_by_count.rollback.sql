drop trigger move_sellers_update on cloudgpus.gpu_floors;

create trigger move_sellers_update
    after update on cloudgpus.gpu_floors
    referencing old table as old_rows new table as new_rows
    for each statement execute function cloudgpus.note_moved_slices('{floor}', $sql$
                select 'sellers'
                union all
                select distinct 'offers_by_provider:' || reseller.slug
                from cloudgpus.providers as cloud
                inner join cloudgpus.instances as offer on offer.upstream = cloud.slug
                inner join cloudgpus.providers as reseller on reseller.id = offer.provider_id
                where cloud.id = changed.provider_id
                    and offer.gpu_model_id = changed.gpu_model_id
            $sql$);

alter table cloudgpus.gpu_floors
    drop column gpu_counts,
    drop column count_floors;

delete from cloudgpus.schema_migrations where id = '0013_floors_by_count';
