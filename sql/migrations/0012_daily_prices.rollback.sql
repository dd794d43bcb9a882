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

delete from cloudgpus.schema_migrations where id = '0012_daily_prices';
