create or replace function cloudgpus.note_moved_confirmations() returns trigger
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    offers uuid[];
begin
    if tg_op = 'INSERT' then
        select array_agg(instance_id) into offers from new_rows;
    elsif tg_op = 'DELETE' then
        select array_agg(instance_id) into offers from old_rows;
    else
        select array_agg(offer.id)
        into offers
        from new_rows as later
        full join old_rows as earlier on earlier.instance_id = later.instance_id
        inner join cloudgpus.instances as offer on offer.id = coalesce(later.instance_id, earlier.instance_id)
        inner join cloudgpus.providers as provider on provider.id = offer.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        where num_nulls(later.instance_id, earlier.instance_id) > 0
            or cloudgpus.utc_day(later.last_confirmed_at) <> cloudgpus.utc_day(earlier.last_confirmed_at)
            or later.last_confirmed_at > earlier.last_confirmed_at + class.fresh_for
            or later.last_confirmed_at < earlier.last_confirmed_at
            or earlier.last_confirmed_at < (select date_trunc('day', as_of, 'UTC') from cloudgpus.slices_settled)
            or (
                offer.is_recorded
                and later.scrape_job_id is distinct from earlier.scrape_job_id
                and (
                    select array_agg(distinct origin_url)
                    from cloudgpus.captures
                    where is_recorded and scrape_job_id = later.scrape_job_id
                ) is distinct from (
                    select array_agg(distinct origin_url)
                    from cloudgpus.captures
                    where is_recorded and scrape_job_id = earlier.scrape_job_id
                )
            );
    end if;

    insert into cloudgpus.moved_slices (slice)
    select distinct named.slice
    from cloudgpus.instances as offer
    inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    cross join lateral (
        values
            ('offers_by_gpu:' || gpu.slug),
            ('trends:' || gpu.slug),
            ('offers_by_provider:' || provider.slug),
            ('histories:' || provider.slug || '/' || gpu.slug)
    ) as named (slice)
    where offer.id = any(offers);
    return null;
end $$;

comment on function cloudgpus.note_moved_confirmations() is
    'Note which slices move where offers are seen again: those that show the day on which it was, or what a day that is '
    'over was like, those of offers that may have aged meanwhile, and those of recorded ones that are now from another '
    'collection';
