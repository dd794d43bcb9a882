-- Lower the cheapest on-demand price of one made-up GPU by a tenth, as seen at as_of.
-- params: as_of (timestamptz)
-- row: none
update cloudgpus.instances
set
    price_per_hour = round(price_per_hour * 0.9, 4),
    last_scraped_at = %(as_of)s
where id = (
    select id
    from cloudgpus.instances
    where gpu_model_id = md5('gpu 5')::uuid
    order by price_per_gpu_hour
    limit 1
);
