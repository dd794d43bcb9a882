-- The sitemaps of all page types but these, as their pages are recorded.
-- params: page_types (text[]), maximum (integer: addresses in one)
-- row: Part
select
    page_type,
    ((place - 1) / %(maximum)s + 1)::integer as number,
    max(last_modified) as newest
from (
    select
        page_type,
        last_modified,
        row_number() over (partition by page_type order by path collate "C") as place
    from built_pages
    where gate_state = 'indexable'
        and page_type <> all(%(page_types)s)
) as listed
group by page_type, (place - 1) / %(maximum)s
order by page_type, number;
