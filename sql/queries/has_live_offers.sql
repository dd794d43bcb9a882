-- Whether a live offer is shown.
-- params: as_of (timestamptz)
-- row: HasLiveOffers
select
    exists (
        select
        from offers_at(%(as_of)s) as offer
        inner join gpu_models as gpu on gpu.id = offer.gpu_model_id and gpu.is_active
        inner join providers as provider on provider.id = offer.provider_id and provider.is_active
        where not offer.is_recorded
    ) as has_live_offers;
