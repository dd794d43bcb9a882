alter table cloudgpus.unmapped_gpu_names drop constraint unmapped_gpu_names_numbers;
alter table cloudgpus.gpu_benchmarks drop constraint gpu_benchmarks_numbers;
alter table cloudgpus.disagreements drop constraint disagreements_numbers;
alter table cloudgpus.market_days drop constraint market_days_numbers;
alter table cloudgpus.price_daily drop constraint price_daily_numbers;
alter table cloudgpus.price_series drop constraint price_series_numbers;
alter table cloudgpus.price_history drop constraint price_history_numbers;
alter table cloudgpus.instances drop constraint instances_numbers;
alter table cloudgpus.reference_history drop constraint reference_history_numbers;
alter table cloudgpus.exchange_rates drop constraint exchange_rates_numbers;
alter table cloudgpus.provider_terms drop constraint provider_terms_numbers;
alter table cloudgpus.gpu_aliases drop constraint gpu_aliases_numbers;

alter table cloudgpus.gpu_models
    drop constraint gpu_models_numbers,
    drop constraint gpu_models_names_are_there,
    drop constraint gpu_models_slug_is_an_address;

alter table cloudgpus.providers
    drop constraint providers_numbers,
    drop constraint providers_name_is_there,
    drop constraint providers_slug_is_an_address;

delete from cloudgpus.schema_migrations where id = '0036_values_that_can_be_shown';
