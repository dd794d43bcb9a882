-- The highest numbers in use.
-- params: none
-- row: LastNumbers
select
    coalesce((select max(number) from page_slices), 0) as slice,
    coalesce((select max(number) from built_pages), 0) as page;
