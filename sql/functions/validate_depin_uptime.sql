create or replace function cloudgpus.validate_depin_uptime() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
begin
    if new.provider_type = 'depin' and new.sla_uptime_percent < 95 then
        raise notice 'DePIN provider % promises an uptime of % %%, below 95 %%: it is left out of the main comparison',
            new.name, new.sla_uptime_percent;
    end if;
    return new;
end $$;

comment on function cloudgpus.validate_depin_uptime() is 'Raise a notice when a DePIN provider is left out of the main comparison';
