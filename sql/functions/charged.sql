create or replace function cloudgpus.charged(currency text, in_usd numeric[], original numeric[]) returns numeric[]
language sql
immutable
as $$
    select case when currency = 'USD' then in_usd else original end
$$;

comment on function cloudgpus.charged(text, numeric[], numeric[]) is
    'The amounts that decide whether a price changed: those the provider charges, so a new exchange rate is no change';
