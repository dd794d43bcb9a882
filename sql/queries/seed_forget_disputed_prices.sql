-- Delete the prices that the seeds no longer list as disputed.
-- params: rows (jsonb)
-- row: none
delete from disputed_prices as known
using providers
where providers.id = known.provider_id
    and not exists (
        select
        from jsonb_to_recordset(%(rows)s::jsonb) as seed (
            provider text,
            instance_type text,
            region text,
            pricing_type text
        )
        where (seed.provider, seed.instance_type, seed.region, seed.pricing_type)
            = (providers.slug, known.instance_type, known.region, known.pricing_type)
    );
