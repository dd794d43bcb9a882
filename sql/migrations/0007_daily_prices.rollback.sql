drop trigger unsettle_market_delete on cloudgpus.exchange_rates;
drop trigger unsettle_market on cloudgpus.exchange_rates;
drop trigger unsettle_market_insert on cloudgpus.exchange_rates;
drop trigger unsettle_market on cloudgpus.source_classes;
drop trigger unsettle_market on cloudgpus.providers;
drop trigger unsettle_market on cloudgpus.instances;
drop trigger roll_up_price_history_delete on cloudgpus.price_history;
drop trigger roll_up_price_history_insert on cloudgpus.price_history;
drop trigger roll_up_price_history on cloudgpus.price_history;
drop table cloudgpus.market_settled;
drop table cloudgpus.market_days;
drop table cloudgpus.price_daily;
drop table cloudgpus.price_series;

delete from cloudgpus.schema_migrations where id = '0007_daily_prices';
