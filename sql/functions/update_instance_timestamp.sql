-- The columns that don't count are named, so that a new column counts.  Rows are compared as they are: converting them to
-- JSON, as update_timestamp() does, took as long as the rest of an update.
create or replace function cloudgpus.update_instance_timestamp() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    stated cloudgpus.instances := new;
begin
    stated.last_scraped_at := old.last_scraped_at;
    stated.scrape_job_id := old.scrape_job_id;
    stated.price_per_gpu_hour := old.price_per_gpu_hour;
    stated.price_per_vram_gb_hour := old.price_per_vram_gb_hour;
    stated.updated_at := old.updated_at;
    -- A provider that charges in euros changed nothing when the dollar moved.
    if new.currency <> 'USD' then
        stated.price_per_hour := old.price_per_hour;
        stated.price_per_hour_spot := old.price_per_hour_spot;
        stated.price_per_month := old.price_per_month;
        stated.price_per_hour_reserved_1y := old.price_per_hour_reserved_1y;
        stated.price_per_hour_reserved_3y := old.price_per_hour_reserved_3y;
        stated.exchange_rate := old.exchange_rate;
        stated.exchange_rate_date := old.exchange_rate_date;
    end if;
    new.updated_at := case when stated is distinct from old then now() else old.updated_at end;
    return new;
end $$;

comment on function cloudgpus.update_instance_timestamp() is
    'Move an offer''s updated_at when something changed other than the scrape stamps, the derived prices, or the exchange '
    'rate of a price in another currency';
