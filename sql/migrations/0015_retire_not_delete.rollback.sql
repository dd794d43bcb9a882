drop trigger keep_gpu_history on cloudgpus.gpu_models;
drop trigger keep_provider_history on cloudgpus.providers;
drop function cloudgpus.refuse_to_delete_history();

delete from cloudgpus.schema_migrations where id = '0015_retire_not_delete';
