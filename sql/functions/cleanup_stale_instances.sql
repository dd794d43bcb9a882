create or replace function cloudgpus.cleanup_stale_instances(as_of timestamptz default now()) returns integer
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    affected integer;
begin
    update cloudgpus.instances as offer
    set is_active = false
    from cloudgpus.confirmations as confirmation, cloudgpus.providers as provider, cloudgpus.source_classes as class
    where offer.is_active
        and not offer.is_recorded
        and confirmation.instance_id = offer.id
        and provider.id = offer.provider_id
        and class.source_class = provider.source_class
        and confirmation.last_confirmed_at < as_of - class.expires_after;

    get diagnostics affected = row_count;
    return affected;
end $$;

comment on function cloudgpus.cleanup_stale_instances(timestamptz) is
    'Deactivate live offers not confirmed within their source''s limit; how many. Their history ends at their last confirmation';
