drop trigger roll_up_price_history_delete on cloudgpus.price_history;
drop trigger roll_up_price_history_insert on cloudgpus.price_history;
drop trigger roll_up_price_history on cloudgpus.price_history;

drop function cloudgpus.provider_days(date, date, timestamptz);
drop function cloudgpus.daily_prices(date, date, timestamptz);
drop function cloudgpus.day_rates(date, date);
drop function cloudgpus.price_day_parts(date, date, timestamptz);
drop function cloudgpus.roll_up_written_prices();
drop function cloudgpus.roll_up_closed_prices();
drop function cloudgpus.join_price_runs(integer[], date[]);
drop function cloudgpus.recompute_price_daily(uuid[], date[], date[]);
drop function cloudgpus.per_gpu(text, numeric, numeric, smallint, numeric);
drop function cloudgpus.ms_into_day(timestamptz, date);
drop function cloudgpus.utc_day(timestamptz);
drop table cloudgpus.price_daily;
drop table cloudgpus.price_series;

drop index cloudgpus.idx_price_history_instance_time;
create index idx_price_history_instance_time on cloudgpus.price_history (instance_id, recorded_at desc);

drop index cloudgpus.idx_price_history_provider_time;
create index idx_price_history_provider_time on cloudgpus.price_history (provider_id, recorded_at desc);

drop index cloudgpus.idx_price_history_gpu_agg;
create index idx_price_history_gpu_agg on cloudgpus.price_history (gpu_model_id, recorded_at desc)
    include (provider_id, instance_id, price_per_gpu_hour, valid_to);

delete from cloudgpus.schema_migrations where id = '0012_daily_prices';
