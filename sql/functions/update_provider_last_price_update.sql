create or replace function cloudgpus.update_provider_last_price_update() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    update cloudgpus.providers as provider
    set last_price_update = latest.scraped_at
    from (
        select provider_id, max(last_scraped_at) as scraped_at
        from new_rows
        group by provider_id
    ) as latest
    where provider.id = latest.provider_id
        and (provider.last_price_update is null or provider.last_price_update < latest.scraped_at);
    return null;
end $$;

comment on function cloudgpus.update_provider_last_price_update() is
    'Note in the provider''s row when one of its offers last changed: once a statement, and only forward';
