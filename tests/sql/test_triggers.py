from decimal import Decimal

import pytest

from tests.sql.samples import START, add_gpu, add_instance, add_provider, after, one, segments

pytestmark = pytest.mark.postgres


@pytest.fixture
def ids(connection):
    ids = add_provider(connection), add_gpu(connection)
    connection.commit()
    return ids


def history(connection):
    return one(connection, "select count(*) from price_history")


def test_the_triggers_have_the_specified_names(connection):
    names = "select tgname from pg_trigger where not tgisinternal"
    assert {name for (name,) in connection.execute(names)} >= {
        "update_gpu_models_timestamp", "update_providers_timestamp", "update_instances_timestamp",
        "update_gpu_benchmarks_timestamp", "update_content_pages_timestamp", "compute_instance_price_per_vram",
        "record_instance_price_history", "record_instance_price_history_insert", "track_provider_price_update",
        "track_provider_price_update_insert", "validate_depin_provider_uptime",
    }  # fmt: skip


def test_history_and_provider_are_written_once_a_statement(connection):
    per_statement = (
        "select count(*) from pg_trigger where tgname ~ '^(record_instance|track_provider)' and tgtype & 1 = 0"
    )
    assert one(connection, per_statement) == 4


def test_a_rack_of_gpus_has_a_price_per_gb(connection, ids):
    rack = add_gpu(connection, "gb200-nvl", 186)
    add_instance(connection, ids[0], rack, gpu_count=256, price_per_hour=2560)
    assert one(connection, "select price_per_vram_gb_hour from instances") == Decimal("0.053763")


def test_a_changed_gpu_count_is_recorded(connection, ids):
    add_instance(connection, *ids)
    connection.execute("update instances set gpu_count = 2, last_scraped_at = %s", [after(1)])
    assert one(connection, "select array_agg(price_per_gpu_hour order by recorded_at) from price_history") == [2, 1]


def test_a_corrected_memory_size_reaches_the_prices_per_gb(connection, ids):
    add_instance(connection, *ids, gpu_count=4, price_per_hour=8)
    connection.execute("update gpu_models set vram_gb = 100")
    assert one(connection, "select price_per_vram_gb_hour from instances") == Decimal("0.02")
    assert history(connection) == 1


def test_the_provider_is_updated_once_and_only_forward(connection, ids):
    for number in range(5):
        add_instance(connection, *ids, instance_type=str(number), last_scraped_at=after(number))
    connection.commit()
    connection.execute("update instances set last_scraped_at = %s, vcpu_count = 8", [after(9)])
    assert one(connection, "select last_price_update from providers") == after(9)
    connection.execute("update instances set last_scraped_at = %s", [START])
    assert one(connection, "select last_price_update from providers") == after(9)


def test_history_is_dated_by_the_observation(connection, ids):
    add_instance(connection, *ids, last_scraped_at=after(-500))
    for hours, price in ((-400, 3), (-300, 4)):
        connection.execute("update instances set price_per_hour = %s, last_scraped_at = %s", [price, after(hours)])
    assert [row[:3] for row in segments(connection)] == [(2, -500, -400), (3, -400, -300), (4, -300, None)]


@pytest.mark.parametrize("column", ["price_per_hour", "price_per_hour_spot", "price_per_month",
                                    "price_per_hour_reserved_1y", "price_per_hour_reserved_3y"])  # fmt: skip
def test_each_price_that_changes_is_recorded(connection, ids, column):
    add_instance(connection, *ids)
    connection.execute(f"update instances set {column} = 7, last_scraped_at = %s", [after(1)])
    assert one(connection, f"select {column} from price_history where valid_to is null") == 7
    assert history(connection) == 2


def test_a_changed_availability_is_recorded(connection, ids):
    add_instance(connection, *ids)
    connection.execute("update instances set availability_status = 'sold_out', last_scraped_at = %s", [after(1)])
    assert one(connection, "select array_agg(availability_status::text order by recorded_at) from price_history") == [
        "available", "sold_out"
    ]  # fmt: skip


def test_an_offer_moved_to_another_gpu_leaves_its_past_where_it_was(connection, ids):
    add_instance(connection, *ids)
    nvl = add_gpu(connection, "h100-nvl", 94)
    connection.execute("update instances set gpu_model_id = %s, last_scraped_at = %s", [nvl, after(1)])
    assert one(connection, "select array_agg(gpu_model_id order by recorded_at) from price_history") == [ids[1], nvl]


def test_scrape_stamps_move_no_updated_at_and_no_history(connection, ids):
    add_instance(connection, *ids)
    connection.commit()
    before = one(connection, "select updated_at from instances")
    connection.execute("update instances set last_scraped_at = %s", [after(1)])
    assert one(connection, "select updated_at from instances") == before
    assert history(connection) == 1


def test_a_change_moves_updated_at(connection, ids):
    add_instance(connection, *ids)
    connection.commit()
    before = one(connection, "select updated_at from instances")
    connection.execute("update instances set price_per_hour = 3")
    assert one(connection, "select updated_at from instances") > before


def test_every_column_but_the_stamps_moves_updated_at(connection, ids):
    add_instance(connection, *ids)
    add_gpu(connection, "b200-sxm")
    connection.commit()
    columns = connection.execute(
        "select attname, format_type(atttypid, null) from pg_attribute where attrelid = 'instances'::regclass"
        " and attnum > 0 and attgenerated = '' and not attisdropped"
    ).fetchall()
    others = {
        "uuid": "(select id from gpu_models where slug = 'b200-sxm')", "smallint": "3", "integer": "3",
        "numeric": "3", "boolean": "not {0}", "jsonb": "'{{\"a\": 1}}'", "text[]": "array['x']",
        "date": "'2026-01-01'", "timestamp with time zone": "'2026-01-01'", "text": "'bundle'",
        "character varying": "'EUR'", "cloudgpus.availability_status": "'limited'", "availability_status": "'limited'",
    }  # fmt: skip
    moved = set()
    for column, kind in columns:
        changed = {"currency": "currency = 'EUR', original_price_per_hour = 1", "gpu_share": "gpu_share = 0.5",
                   "id": "id = gen_random_uuid()"}.get(column, f"{column} = {others[kind].format(column)}")  # fmt: skip
        connection.execute("set local session_replication_role = replica")
        connection.execute("alter table instances enable always trigger update_instances_timestamp")
        if one(
            connection,
            f"update instances set {changed} returning updated_at <> created_at or {column == 'created_at'!s}",
        ):
            moved.add(column)
        connection.rollback()
    stamps = {"last_scraped_at", "scrape_job_id", "price_per_vram_gb_hour", "updated_at"}
    assert {column for column, _ in columns} - moved == stamps


@pytest.mark.parametrize("table", ["gpu_models", "providers", "gpu_benchmarks", "content_pages"])
def test_updated_at_of_every_table_moves_with_a_change(connection, ids, table):
    connection.execute(
        "insert into gpu_benchmarks (gpu_model_id, workload_type, benchmark_name) values (%s, 'embedding', 'x')",
        ids[1:],
    )
    connection.execute("insert into content_pages (slug, page_type, title) values ('home', 'home', 'x')")
    connection.commit()
    column = {"gpu_benchmarks": "score = 2", "content_pages": "title = 'y'"}.get(table, "description = 'y'")
    connection.execute(f"update {table} set {column}")
    assert one(connection, f"select updated_at > created_at from {table}") is True


def test_a_seed_loaded_again_moves_no_updated_at(connection, ids):
    connection.commit()
    before = one(connection, "select updated_at from providers")
    connection.execute("update providers set name = name, updated_at = now()")
    assert one(connection, "select updated_at from providers") == before
    connection.execute("update providers set last_price_update = now()")
    assert one(connection, "select updated_at from providers") == before


def test_low_uptime_is_noticed_when_it_changes_and_not_at_price_updates(connection):
    notices = []
    connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    connection.execute("set client_min_messages = notice")
    provider = add_provider(connection, "hosts", provider_type="depin", sla_uptime_percent=90)
    assert len(notices) == 1
    add_instance(connection, provider, add_gpu(connection))
    connection.execute("update providers set sla_uptime_percent = 90, last_price_update = now()")
    assert len(notices) == 1
    connection.execute("update providers set sla_uptime_percent = 91")
    assert "hosts promises an uptime of 91.00 %" in notices[1]


def test_cleanup_deactivates_by_the_sources_limit_and_never_deprecates(connection, ids):
    instances = [add_instance(connection, *ids, instance_type=name) for name in ("old", "new", "recorded")]
    connection.execute("update instances set is_recorded = true where instance_type = 'recorded'")
    for instance, hours in zip(instances, (1, 5, 1), strict=True):
        connection.execute("insert into confirmations values (%s, %s)", [instance, after(hours)])
    assert one(connection, "select cleanup_stale_instances(%s)", after(50)) == 1
    left = "select instance_type, is_active, availability_status::text from instances order by instance_type"
    assert connection.execute(left).fetchall() == [
        ("new", True, "available"), ("old", False, "available"), ("recorded", True, "available")
    ]  # fmt: skip
    assert segments(connection, "old") == [(2, 0, 1, 1)]
    assert one(connection, "select count(*) from price_history where not is_active") == 0


def test_a_correction_by_hand_begins_where_the_old_price_was_last_seen(connection, ids):
    instance = add_instance(connection, *ids)
    connection.execute("insert into confirmations values (%s, %s)", [instance, after(3)])
    connection.execute("update instances set price_per_hour = 1")
    assert segments(connection) == [(2, 0, 3, 3), (1, 3, None, None)]


def test_an_upsert_that_changes_nothing_writes_no_history(connection, ids):
    add_instance(connection, *ids)
    connection.commit()
    before = connection.execute("select updated_at from instances").fetchone()
    connection.execute(
        "insert into instances (provider_id, gpu_model_id, instance_type, price_per_hour) values (%s, %s, 'a', 2)"
        " on conflict (provider_id, instance_type, region) do update set price_per_hour = excluded.price_per_hour",
        ids,
    )
    assert connection.execute("select updated_at from instances").fetchone() == before
    assert history(connection) == 1
