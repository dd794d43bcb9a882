drop trigger move_gpu_names_insert on cloudgpus.gpu_aliases;
drop trigger move_gpu_names_update on cloudgpus.gpu_aliases;
drop trigger move_gpu_names_delete on cloudgpus.gpu_aliases;

delete from cloudgpus.schema_migrations where id = '0022_gpu_names';
