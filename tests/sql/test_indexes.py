"""Each index on instances and price_history serves the query it is made for, on tables of realistic size."""

import pytest

from generator.database import db
from tests.sql.samples import add_gpu, add_provider

pytestmark = [pytest.mark.postgres, pytest.mark.long]

GPU = "(select id from gpu_models where slug = 'gpu-7')"
PROVIDER = "(select id from providers where slug = 'provider-7')"
INSTANCE = "(select id from instances where instance_type = 'i-77')"


INSTANCES = """
    insert into instances (
        provider_id, gpu_model_id, instance_type, price_per_hour, is_active, last_scraped_at, available_regions,
        availability_status
    )
    select
        p.id, g.id, 'i-' || n, 1 + n % 97, n % 10 = 0, '2026-01-01', array['r' || n % 200],
        case when n % 20 = 0 then 'available' else 'sold_out' end::availability_status
    from generate_series(1, 12000) as n
    inner join providers as p on p.slug = 'provider-' || n % 40
    inner join gpu_models as g on g.slug = 'gpu-' || (n / 40) % 100
"""
SEGMENTS = """
    insert into price_history (
        instance_id, provider_id, gpu_model_id, price_per_hour, price_per_gpu_hour, availability_status, gpu_count,
        recorded_at, valid_to, last_confirmed_at
    )
    select id, provider_id, gpu_model_id, 1, 1, 'available', 1, t, ended, ended
    from (
        select
            id, provider_id, gpu_model_id, t,
            case when row_number() over () % 50 > 0 then t + interval '1 day' end as ended
        from instances
        cross join generate_series('2026-01-01'::timestamptz, '2026-03-20', '11 days') as t
    ) as made
    order by t
"""


@pytest.fixture(scope="module")
def filled(fresh_database):
    """40 providers, 100 GPUs, 12,000 instances, and 96,000 segments over three months, in order."""
    with db.connect(fresh_database.migrated()) as connection:
        for number in range(100):
            add_gpu(connection, f"gpu-{number}")
        for number in range(40):
            add_provider(connection, f"provider-{number}")
        connection.execute(INSTANCES)
        connection.execute("select ensure_price_history_partitions('2026-01-01', '2026-03-31')")
        connection.execute("truncate price_history")
        connection.execute(SEGMENTS)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
        connection.autocommit = False
        yield connection


USES = {
    "idx_instances_gpu_model": f"select max(updated_at) from instances where gpu_model_id = {GPU}",
    "idx_instances_provider": f"select max(updated_at) from instances where provider_id = {PROVIDER}",
    "idx_instances_price": "select id, price_per_gpu_hour from instances order by price_per_gpu_hour limit 5",
    "idx_instances_active": "select count(*) from instances where is_active = true",
    "idx_instances_gpu_price": f"select price_per_gpu_hour from instances where gpu_model_id = {GPU}"
    " and is_active = true order by price_per_gpu_hour limit 20",
    "idx_instances_provider_active": f"select price_per_gpu_hour from instances where provider_id = {PROVIDER}"
    " and is_active = true order by price_per_gpu_hour limit 5",
    "idx_instances_availability": "select count(*) from instances where availability_status = 'available'",
    "idx_instances_compare_query": "select distinct on (provider_id) provider_id, price_per_gpu_hour from instances"
    f" where gpu_model_id = {GPU} and is_active = true order by provider_id, price_per_gpu_hour",
    "idx_instances_regions_gin": "select id from instances where available_regions @> array['r7']",
    "idx_instances_provider_gpu": f"select id from instances where provider_id = {PROVIDER} and gpu_model_id = {GPU}",
    "idx_instances_upstream": "select id from instances where upstream in (select slug from providers limit 1)",
    "idx_price_history_gpu_agg": "select min(price_per_gpu_hour), count(distinct provider_id) from price_history"
    f" where gpu_model_id = {GPU} and recorded_at >= '2026-03-15'",
    "idx_price_history_provider_time": "select min(price_per_hour) from price_history"
    f" where provider_id = {PROVIDER} and recorded_at >= '2026-03-15'",
    "idx_price_history_instance_time": f"select recorded_at from price_history where instance_id = {INSTANCE}"
    " order by recorded_at desc limit 1",
    "idx_price_history_open": f"select id from price_history where instance_id = {INSTANCE} and valid_to is null",
    "idx_price_history_brin": "select count(id) from price_history"
    " where recorded_at between '2026-01-12' and '2026-01-13'",
}


@pytest.mark.parametrize("index", USES)
def test_index_serves_its_query(filled, index):
    plan = "\n".join(line for (line,) in filled.execute("explain (costs off) " + USES[index]))
    # A partition's index has a generated name; the index it belongs to has ours.
    used = filled.execute(
        "select coalesce(parent.relname, part.relname) from pg_class as part"
        " left join pg_inherits on inhrelid = part.oid left join pg_class as parent on parent.oid = inhparent"
        " where part.relkind = 'i' and %s ~ ('\\m' || part.relname || '\\M')",
        [plan],
    ).fetchall()
    assert (index,) in used, plan


def test_every_index_has_a_query_it_serves(filled):
    names = (
        "select indexname from pg_indexes where tablename in ('instances', 'price_history') and indexname like 'idx%'"
    )
    there = {name for (name,) in filled.execute(names)}
    assert there == USES.keys()


def test_a_slug_is_looked_up_in_the_covering_index_alone(filled):
    plan = filled.execute(
        "explain (costs off) select id, display_name from providers where slug = 'provider-7'"
    ).fetchall()
    filled.execute("set local enable_seqscan = off")
    plan = filled.execute(
        "explain (costs off) select id, display_name from providers where slug = 'provider-7'"
    ).fetchall()
    assert "Index Only Scan using idx_providers_slug_covering" in str(plan)


def test_seeing_an_offer_again_is_a_heap_only_update(filled):
    filled.execute("insert into confirmations select id, '2026-01-01' from instances")
    filled.commit()
    filled.execute("update confirmations set last_confirmed_at = '2026-01-02'")
    filled.execute("select pg_stat_force_next_flush()")
    filled.commit()
    updates, hot = filled.execute(
        "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = 'confirmations'"
    ).fetchone()
    assert hot >= 0.9 * updates > 0
