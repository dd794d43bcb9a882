create or replace function cloudgpus.settle_slices(as_of timestamptz) returns bigint
language plpgsql
set search_path = cloudgpus, pg_temp
as $$
declare
    settled cloudgpus.slices_settled;
    swept text[];
    derived text[];
    spans text[];
    is_everything boolean;
    is_live boolean;
    later uuid[];
    later_hash text;
begin
    select * into settled from cloudgpus.slices_settled for update;
    is_live := exists (
        select
        from cloudgpus.confirmations as confirmation
        inner join cloudgpus.instances as offer on offer.id = confirmation.instance_id
        where not offer.is_recorded
            and confirmation.last_confirmed_at <= settle_slices.as_of
    );

    with taken as (delete from cloudgpus.moved_slices returning slice)
    select coalesce(array_agg(distinct slice), '{}') into swept from taken;

    if as_of > settled.as_of and settled.as_of > '-infinity' then
        swept := swept || array(
            select slice from cloudgpus.slices_moved_by_time(settled.as_of, as_of, settled.later_offers <> '')
        );
    end if;
    -- What a run that was killed has confirmed since is not shown yet.
    select
        coalesce(array_agg(seen.instance_id), '{}'),
        coalesce(md5(string_agg(concat(seen.instance_id, seen.at), ' ' order by seen.instance_id)), '')
    into later, later_hash
    from (
        select instance_id, last_confirmed_at as at
        from cloudgpus.confirmations
        where last_confirmed_at > settle_slices.as_of
        union all
        select offer.id, offer.last_scraped_at
        from cloudgpus.instances as offer
        where offer.last_scraped_at > settle_slices.as_of
            and not exists (select from cloudgpus.confirmations where instance_id = offer.id)
    ) as seen;
    swept := swept || array(
        select distinct named.slice
        from cloudgpus.instances as offer
        inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
        inner join cloudgpus.providers as provider on provider.id = offer.provider_id
        cross join lateral (
            values
                ('offers_by_gpu:' || gpu.slug),
                ('offers_by_provider:' || provider.slug),
                ('histories:' || provider.slug || '/' || gpu.slug)
        ) as named (slice)
        where offer.id = any(later)
            and later_hash <> settled.later_offers
    );
    if as_of < settled.as_of or is_live <> settled.has_live_offers then
        swept := swept || array['everything'];
    end if;
    if cardinality(swept) = 0 then
        update cloudgpus.slices_settled as kept
        set as_of = settle_slices.as_of, later_offers = later_hash
        where (kept.as_of, kept.later_offers) <> (settle_slices.as_of, later_hash);
        return settled.revision;
    end if;

    -- A reseller's price does not rank beside that of the cloud behind it.
    swept := swept || array(
        select distinct 'offers_by_provider:' || reseller.slug
        from cloudgpus.instances as offer
        inner join cloudgpus.providers as reseller on reseller.id = offer.provider_id
        inner join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
        where offer.upstream in (select slug from cloudgpus.providers where 'offers_by_provider:' || slug = any(swept))
            and 'offers_by_gpu:' || gpu.slug = any(swept)
    );

    if exists (select from unnest(swept) as moved (slice) where moved.slice like 'offers\_by\_provider:%') then
        swept := swept || array['offers'];
    end if;
    swept := swept || array(
        select 'answers:' || split_part(slice, ':', 2) from unnest(swept) as slice where slice like 'evidence:%'
    );

    is_everything := 'everything' = any(swept);
    spans := array(select split_part(slice, ':', 2) from unnest(swept) as slice where slice like 'price_spans:%');
    perform cloudgpus.settle_gpu_figures(
        as_of,
        case
            when not is_everything then
                array(select id from cloudgpus.gpu_models where 'offers_by_gpu:' || slug = any(swept))
        end
    );
    perform cloudgpus.settle_provider_figures(
        as_of,
        case
            when not is_everything then
                array(
                    select id
                    from cloudgpus.providers
                    where 'offers_by_provider:' || slug = any(swept)
                        or 'evidence:' || slug = any(swept)
                )
        end
    );
    perform cloudgpus.settle_price_spans(
        as_of,
        case when not is_everything then spans end
    )
    where is_everything or cardinality(spans) > 0;
    with taken as (delete from cloudgpus.moved_slices returning slice)
    select coalesce(array_agg(distinct slice), '{}') into derived from taken;

    update cloudgpus.slices_settled as kept
    set as_of = settle_slices.as_of, revision = kept.revision + 1, has_live_offers = is_live,
        later_offers = later_hash
    returning * into settled;
    insert into cloudgpus.slice_revisions as known (slice, revision)
    select distinct slice, settled.revision
    from unnest(swept || derived) as moved (slice)
    where slice not like 'evidence:%'
        and slice not like 'price_spans:%'
    on conflict (slice) do update
    set revision = excluded.revision;
    return settled.revision;
end $$;

comment on function cloudgpus.settle_slices(timestamptz) is
    'Bring the figures of all that has moved up to an instant, and note the revision at which each slice moved; returns the '
    'newest revision. Whoever settles at the same time waits, so that a slice never gets a revision that was already read';
