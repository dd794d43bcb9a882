create or replace function cloudgpus.slices_moved_by_time(
    since timestamptz,
    until timestamptz,
    had_later boolean
) returns table (slice text)
language sql
stable
set search_path = cloudgpus, pg_temp
as $$
    with passed as (
        select offer.gpu_model_id, offer.provider_id
        from cloudgpus.instances as offer
        inner join cloudgpus.providers as provider on provider.id = offer.provider_id
        inner join cloudgpus.source_classes as class on class.source_class = provider.source_class
        left join cloudgpus.confirmations as confirmation on confirmation.instance_id = offer.id
        cross join lateral (
            select
                coalesce(confirmation.last_confirmed_at, offer.last_scraped_at) as last_confirmed_at,
                case when offer.is_recorded then interval '30 days' else class.fresh_for end as fresh_for
        ) as seen
        where offer.is_active
            and (
                exists (
                    select
                    from jsonb_each_text(offer.price_ends) as ended (price_column, at)
                    where ended.at::timestamptz > since
                        and ended.at::timestamptz <= until
                )
                or (had_later and seen.last_confirmed_at > since and seen.last_confirmed_at <= until)
                or (seen.last_confirmed_at >= since - seen.fresh_for and seen.last_confirmed_at < until - seen.fresh_for)
                or (
                    not offer.is_recorded
                    and seen.last_confirmed_at >= since - class.expires_after
                    and seen.last_confirmed_at < until - class.expires_after
                )
            )
        group by offer.gpu_model_id, offer.provider_id
    ),

    days as (
        select cloudgpus.utc_day(since) as since, cloudgpus.utc_day(until) as until
    )

    select 'day' from days where days.since <> days.until
    union
    select 'offers_by_gpu:' || gpu.slug
    from passed
    inner join cloudgpus.gpu_models as gpu on gpu.id = passed.gpu_model_id
    union
    select 'offers_by_provider:' || provider.slug
    from passed
    inner join cloudgpus.providers as provider on provider.id = passed.provider_id
    union
    select 'histories:' || provider.slug || '/' || gpu.slug
    from cloudgpus.confirmations as confirmation
    inner join cloudgpus.instances as offer on offer.id = confirmation.instance_id
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    where had_later
        and confirmation.last_confirmed_at > since
        and confirmation.last_confirmed_at <= until
    union
    select unnest(array['histories:' || provider.slug || '/' || gpu.slug, 'price_spans:' || provider.slug || '/' || gpu.slug])
    from cloudgpus.price_history as priced
    inner join cloudgpus.providers as provider on provider.id = priced.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = priced.gpu_model_id
    where (priced.recorded_at > since and priced.recorded_at <= until)
        or (had_later and priced.valid_to > since and priced.valid_to <= until)
    union
    select distinct unnest(array['trends:' || gpu.slug, 'histories:' || provider.slug || '/' || gpu.slug])
    from cloudgpus.instances as offer
    inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    inner join cloudgpus.providers as provider on provider.id = offer.provider_id
    cross join lateral jsonb_each_text(offer.price_ends) as ended (price_column, at)
    where ended.at::timestamptz > since
        and ended.at::timestamptz <= until
    union
    select unnest(array['scheduled_by_gpu:' || gpu.slug, 'scheduled_by_provider:' || provider.slug])
    from cloudgpus.scheduled_prices as later
    inner join cloudgpus.gpu_models as gpu on gpu.id = later.gpu_model_id
    inner join cloudgpus.providers as provider on provider.id = later.provider_id
    where (later.starts_at > since and later.starts_at <= until)
        or (later.first_seen_at > since and later.first_seen_at <= until)
        or (later.withdrawn_at > since and later.withdrawn_at <= until)
    union
    select unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
    from cloudgpus.disputed_prices as disputed
    inner join cloudgpus.instances as offer
        on offer.provider_id = disputed.provider_id
        and offer.instance_type = disputed.instance_type
    inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    inner join cloudgpus.providers as provider on provider.id = disputed.provider_id
    cross join days
    where disputed.checked_on > days.since
        and disputed.checked_on <= days.until
    union
    select unnest(array['offers_by_gpu:' || gpu.slug, 'offers_by_provider:' || provider.slug])
    from cloudgpus.disagreements as entry
    inner join cloudgpus.providers as provider on provider.id = entry.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
    where entry.verdict in ('theirs', 'neither')
        and entry.observed_at > since
        and entry.observed_at <= until
    union
    select 'source_status'
    from cloudgpus.scrape_jobs as job
    inner join cloudgpus.runs as run on run.id = job.run_id
    where (run.as_of > since and run.as_of <= until)
        or (job.observed_at > since and job.observed_at <= until)
    union
    select 'evidence:' || provider.slug
    from cloudgpus.captures as capture
    inner join cloudgpus.providers as provider on provider.id = capture.provider_id
    where capture.fetched_at > since
        and capture.fetched_at <= until
    union
    select 'terms_by_provider:' || provider.slug
    from cloudgpus.provider_terms as term
    inner join cloudgpus.providers as provider on provider.id = term.provider_id
    inner join cloudgpus.source_classes as class on class.source_class = 'stated'
    cross join days
    where (term.checked_on > days.since - class.expires_after) <> (term.checked_on > days.until - class.expires_after)
        or exists (
            select
            from cloudgpus.exchange_rates as rate
            where rate.currency = term.currency
                and rate.rate_date > days.since
                and rate.rate_date <= days.until
        )
    union
    select unnest(array['sold_by_gpu:' || gpu.slug, 'sold_by_provider:' || provider.slug])
    from cloudgpus.sold_without_price as sold
    inner join cloudgpus.gpu_models as gpu on gpu.id = sold.gpu_model_id
    inner join cloudgpus.providers as provider on provider.id = sold.provider_id
    cross join days
    where sold.checked_on > days.since
        and sold.checked_on <= days.until
    union
    select distinct unnest(array['reference_trends:' || gpu.slug, 'moves', 'listed_gpus'])
    from cloudgpus.reference_history as reading
    inner join cloudgpus.gpu_models as gpu on gpu.id = reading.gpu_model_id
    where reading.observed_at > since
        and reading.observed_at <= until
    union
    select unnest(array['held_back_by_gpu:' || gpu.slug, 'held_back_by_provider:' || provider.slug, 'held_back'])
    from cloudgpus.quarantine as entry
    inner join cloudgpus.providers as provider on provider.id = entry.provider_id
    left join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
    where entry.first_seen_at > since
        and entry.first_seen_at <= until
    union
    select unnest(array['held_back_by_provider:' || provider.slug, 'held_back'])
    from cloudgpus.unmapped_gpu_names as unmapped
    inner join cloudgpus.providers as provider on provider.id = unmapped.provider_id
    where unmapped.first_seen_at > since
        and unmapped.first_seen_at <= until
    union
    select unnest(
        array['disagreements_by_gpu:' || gpu.slug, 'disagreements_by_provider:' || provider.slug, 'disagreements']
    )
    from cloudgpus.disagreements as entry
    inner join cloudgpus.providers as provider on provider.id = entry.provider_id
    inner join cloudgpus.gpu_models as gpu on gpu.id = entry.gpu_model_id
    where entry.observed_at > since
        and entry.observed_at <= until
$$;

comment on function cloudgpus.slices_moved_by_time(timestamptz, timestamptz, boolean) is
    'The slices that time alone moved between two instants: offers that aged, expired or were not yet true, prices that ended or begin, terms checked '
    'too long ago or with a newer exchange rate, and "day" where the UTC day is another. had_later: whether offers were '
    'confirmed after the first of them by then';
