-- Insert each made-up GPU's market of the days before its offers were first seen, with another price every twenty days, and
-- note that these days are settled.
-- params: members (integer), days (integer), distances (integer[]), since (timestamptz)
-- row: none
with settled as (
    update cloudgpus.market_settled
    set before = cloudgpus.utc_day(%(since)s)
)

insert into cloudgpus.market_days (day, gpu_model_id, floor, median, providers_n)
select
    cloudgpus.utc_day(%(since)s) - back,
    md5('gpu ' || gpu.number)::uuid,
    round(level.price * (0.95 + (gpu.number + level.step) * 13 %% 17 / 100.0), 4),
    round(level.price * (1.25 + (gpu.number + level.step) * 11 %% 19 / 100.0), 4),
    cardinality(%(distances)s::integer[])
from generate_series(0, %(members)s::integer - 1) as gpu (number)
cross join generate_series(1, %(days)s::integer) as back
cross join lateral (
    select
        0.5 + gpu.number * 7919 %% 701 / 100.0 as price,
        back / 20 as step
) as level;
