drop trigger move_slices_truncate on cloudgpus.provider_regions;
drop trigger move_slices_delete on cloudgpus.provider_regions;
drop trigger move_slices_update on cloudgpus.provider_regions;
drop trigger move_slices_insert on cloudgpus.provider_regions;

delete from cloudgpus.schema_migrations where id = '0016_region_slices';
