-- Where a provider's regions are is shown with its offers: a change moves the slices of those that are in the region.
do $$
declare
    event text;
begin
    foreach event in array array['insert', 'update', 'delete', 'truncate'] loop
        execute format(
            'create trigger move_slices_%s after %s on cloudgpus.provider_regions %s for each statement
            execute function cloudgpus.note_moved_slices(%L, %L)',
            event,
            event,
            case event
                when 'insert' then 'referencing new table as new_rows'
                when 'delete' then 'referencing old table as old_rows'
                when 'update' then 'referencing old table as old_rows new table as new_rows'
                else ''
            end,
            array['source_url', 'checked_on', 'is_active'],
            $sql$
                select unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
                from cloudgpus.instances as offer
                inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
                inner join cloudgpus.providers as provider on provider.id = offer.provider_id
                where offer.provider_id = changed.provider_id
                    and (offer.region = changed.region or changed.region = any(offer.available_regions))
            $sql$
        );
    end loop;
end $$;

insert into cloudgpus.moved_slices (slice) values ('everything');

insert into cloudgpus.schema_migrations (id) values ('0016_region_slices');
