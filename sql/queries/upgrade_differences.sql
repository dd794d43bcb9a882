-- The columns that only one of the two versions has, bookkeeping aside; none are expected.
-- params: none
-- row: _Difference (relation, column, is_new: this version has it)
with columns as (
    select
        class.relname as relation,
        class.relnamespace = 'cloudgpus'::regnamespace as is_new,
        attribute.attname as name
    from pg_catalog.pg_class as class
    inner join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid
    where class.relnamespace in ('cloudgpus'::regnamespace, to_regnamespace('cloudgpus_before'))
        and class.relkind in ('r', 'p')
        and class.relname not in (
            'schema_migrations', 'schema_functions', 'moved_slices', 'slice_revisions', 'slices_settled', 'gpu_figures',
            'gpu_floors', 'gpu_offers', 'provider_figures', 'page_slices', 'former_pages', 'price_spans', 'crowded_pairs',
            'scheduled_prices', 'disputed_prices', 'retracted_price_events', 'editors', 'content_revisions', 'content_reviews',
            'slug_history', 'audit_log'
        )
        and class.relname !~ '^price_history_\d{4}_\d{2}$'  -- partitions of price_history, made as rows need them
        and attribute.attnum > 0
        and not attribute.attisdropped
)

select
    relation,
    name as "column",
    bool_or(is_new) as is_new
from columns
group by relation, name
having count(*) = 1
order by 1, 2;
