-- What may write rows may not write one that no page can show: an address that is none, a name of nothing, no number.
-- PostgreSQL ranks NaN above all numbers, so "greater than zero" lets it through.

alter table cloudgpus.providers
    add constraint providers_slug_is_an_address check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    add constraint providers_name_is_there check (display_name ~ '\S'),
    add constraint providers_numbers check ('NaN' <> all (array[affiliate_commission_percent, sla_uptime_percent]));

alter table cloudgpus.gpu_models
    add constraint gpu_models_slug_is_an_address check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    add constraint gpu_models_names_are_there check (name ~ '\S' and short_name ~ '\S'),
    add constraint gpu_models_numbers check ('NaN' <> all (array[
        fp64_tflops, fp32_tflops, fp16_tflops, fp8_tflops, int8_tops, fp16_sparse_tflops, fp8_sparse_tflops, fp16_acc16_tflops
    ]));

alter table cloudgpus.gpu_aliases add constraint gpu_aliases_numbers check (memory_gb <> 'NaN');

alter table cloudgpus.provider_terms add constraint provider_terms_numbers check (value <> 'NaN');

alter table cloudgpus.exchange_rates add constraint exchange_rates_numbers check (usd_per_unit <> 'NaN');

alter table cloudgpus.reference_history add constraint reference_history_numbers check (price_per_gpu_hour <> 'NaN');

alter table cloudgpus.instances add constraint instances_numbers check ('NaN' <> all (array[
    price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
    original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
    original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y,
    price_per_vram_gb_hour, gpu_share, exchange_rate, ram_gb, network_bandwidth_gbps, setup_fee
]));

alter table cloudgpus.price_history add constraint price_history_numbers check ('NaN' <> all (array[
    price_per_hour, price_per_hour_spot, price_per_month, price_per_hour_reserved_1y, price_per_hour_reserved_3y,
    original_price_per_hour, original_price_per_hour_spot, original_price_per_month,
    original_price_per_hour_reserved_1y, original_price_per_hour_reserved_3y, price_per_gpu_hour, gpu_share
]));

alter table cloudgpus.price_series add constraint price_series_numbers check (gpu_share <> 'NaN');

alter table cloudgpus.price_daily
    add constraint price_daily_numbers check ('NaN' <> all (array[minimum, mean, maximum, close]));

alter table cloudgpus.market_days add constraint market_days_numbers check ('NaN' <> all (array[floor, median]));

alter table cloudgpus.disagreements add constraint disagreements_numbers check ('NaN' <> all (array[
    price_per_gpu_hour, reading_price_per_gpu_hour, ratio, judged_price_per_gpu_hour, judged_reading_price_per_gpu_hour
]));

alter table cloudgpus.gpu_benchmarks
    add constraint gpu_benchmarks_numbers check ('NaN' <> all (array[score, throughput, latency_ms]));

alter table cloudgpus.unmapped_gpu_names add constraint unmapped_gpu_names_numbers check (gpu_memory_gb <> 'NaN');

insert into cloudgpus.schema_migrations (id) values ('0036_values_that_can_be_shown');
