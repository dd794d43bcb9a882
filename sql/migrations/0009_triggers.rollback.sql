drop function cloudgpus.cleanup_stale_instances(timestamptz);

drop trigger validate_depin_provider_uptime_insert on cloudgpus.providers;
drop trigger validate_depin_provider_uptime on cloudgpus.providers;
drop trigger track_provider_price_update_insert on cloudgpus.instances;
drop trigger track_provider_price_update on cloudgpus.instances;
drop trigger record_instance_price_history_insert on cloudgpus.instances;
drop trigger record_instance_price_history on cloudgpus.instances;
drop trigger recompute_instances_price_per_vram on cloudgpus.gpu_models;
drop trigger compute_instance_price_per_vram on cloudgpus.instances;
drop trigger update_instances_timestamp_converted on cloudgpus.instances;
drop trigger update_instances_timestamp on cloudgpus.instances;
drop trigger update_content_pages_timestamp on cloudgpus.content_pages;
drop trigger update_gpu_benchmarks_timestamp on cloudgpus.gpu_benchmarks;
drop trigger update_providers_timestamp on cloudgpus.providers;
drop trigger update_gpu_models_timestamp on cloudgpus.gpu_models;

drop function cloudgpus.validate_depin_uptime();
drop function cloudgpus.update_provider_last_price_update();
drop function cloudgpus.record_price_history();
drop function cloudgpus.begin_price_segments(uuid[], timestamptz[], uuid[]);
drop function cloudgpus.charged(text, numeric[], numeric[]);
drop function cloudgpus.recompute_price_per_vram();
drop function cloudgpus.compute_price_per_vram();
drop function cloudgpus.update_timestamp();

delete from cloudgpus.schema_migrations where id = '0009_triggers';
