-- What is stored of prices: how many offers, how much history, when one was last confirmed.
-- params: none
-- row: StoredPrices
select
    (select count(*) from cloudgpus.instances) as offers,
    (select count(*) from cloudgpus.price_history) as history_rows,
    (select max(last_confirmed_at) from cloudgpus.confirmations) as newest;
