create or replace function cloudgpus.price_until(
    price numeric,
    price_ends jsonb,
    price_column text,
    as_of timestamptz
) returns numeric
language sql
stable
parallel safe
return case when (price_ends ->> price_column)::timestamptz <= as_of then null else price end;

comment on function cloudgpus.price_until(numeric, jsonb, text, timestamptz) is
    'The price, or null where it has ended by as_of, as its provider stated';
