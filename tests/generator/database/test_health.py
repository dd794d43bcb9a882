import re
from datetime import UTC, datetime

import psycopg
import pytest

from generator import settings
from generator.commands import database_report as reports
from generator.database import backup, db, health, migrations, runs
from generator.errors import BuildError
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, offer, run

pytestmark = pytest.mark.postgres


@pytest.fixture
def watched(database_url):
    """Two providers that were live at START: nimbus with two offers, kestrel with one."""
    with db.connect(database_url) as connection:
        add_gpu(connection)
        add_provider(connection)
        add_provider(connection, "kestrel", provider_type="depin", source_class="marketplace_api")
        runs.start(connection, START, "live", "v1")
        store.store(connection, run(0, [offer("a", 2), offer("b", 3)]))
        store.store(connection, run(0, [offer("c", 1)], provider="kestrel", source_class="marketplace_api"))
        runs.finish(connection, 1)
    return database_url


def states(found):
    return {check.name: check.state for check in found.checks}


def check(found, name):
    return next(check for check in found.checks if check.name == name)


def test_fresh_database_is_fine(watched):
    found = health.examine(watched, after(1))
    assert set(states(found).values()) == {"ok"}
    assert not found.is_failing
    assert [one.provider for one in found.scrapers] == ["kestrel", "nimbus"]


def test_pending_migrations_fail_and_hide_the_rest(database_url):
    migrations.rollback(database_url, "0009")
    found = health.examine(database_url, START)
    assert states(found) == {"migrations": "fail"}
    assert "pending" in found.checks[0].detail


def test_failed_scrapers_are_named(watched):
    with db.connect(watched) as connection:
        store.store(connection, run(2, status="failed", error_code="changed", error_message="0 offers", offers=()))
    found = health.examine(watched, after(3))
    assert check(found, "scrapers").detail == "last job failed: nimbus"
    assert next(one for one in found.scrapers if one.provider == "nimbus").error_message == "0 offers"


@pytest.mark.parametrize("code", ["key_missing", "stated", "not_dated", "not_recorded"])
def test_a_missing_key_or_recording_is_no_failure(code, watched):
    with db.connect(watched) as connection:
        store.store(connection, run(2, status="failed", error_code=code, error_message="nothing", offers=()))
    assert states(health.examine(watched, after(3)))["scrapers"] == "ok"


def test_expired_offers_warn_and_then_fail(watched):
    assert states(health.examine(watched, after(13)))["stale"] == "warn"
    found = health.examine(watched, after(49))
    assert states(found)["stale"] == "fail"
    assert check(found, "stale").detail == "3 of 3 live offers expired, 0 aging"
    assert states(found)["update_age"] == "warn"


def test_stale_counts_by_the_age_that_each_source_allows(watched):
    with db.connect(watched) as connection:
        rows = health.stale_offers(connection, after(7))
    assert [(one.provider, one.aging, one.expired, one.hours) for one in rows] == [
        ("kestrel", 1, 0, 7),
        ("nimbus", 2, 0, 7),
    ]


def test_missing_months_are_reported(watched):
    assert check(health.examine(watched, after(0)), "partitions_ahead").value == 2
    assert states(health.examine(watched, datetime(2026, 5, 2, tzinfo=UTC)))["partitions_ahead"] == "warn"
    assert states(health.examine(watched, datetime(2026, 6, 2, tzinfo=UTC)))["partitions_ahead"] == "fail"


def test_rows_outside_of_every_month_fail(watched):
    with psycopg.connect(watched) as connection:
        connection.execute(
            "insert into cloudgpus.price_history (instance_id, provider_id, gpu_model_id, price_per_hour,"
            " availability_status, gpu_count, recorded_at, valid_to, last_confirmed_at) select id, provider_id,"
            " gpu_model_id, 1, 'available', 1, '2031-01-01', '2031-01-01', '2031-01-01' from cloudgpus.instances"
            " limit 1"
        )
    assert states(health.examine(watched, after(1)))["default_partition"] == "fail"


def test_long_transactions_are_reported(watched):
    with psycopg.connect(watched) as other:
        other.execute("select 1")
        found = health.examine(watched, after(1), health.limits("long_transaction=0:3600"))
    assert states(found)["long_transaction"] == "warn"


def test_recent_backup_is_fine_and_an_old_or_missing_one_is_not(watched, tmp_path):
    assert states(health.examine(watched, START, backups=tmp_path))["backup_age"] == "fail"
    backup.take(watched, tmp_path, START)
    assert states(health.examine(watched, after(1), backups=tmp_path))["backup_age"] == "ok"
    assert states(health.examine(watched, after(30), backups=tmp_path))["backup_age"] == "warn"
    assert states(health.examine(watched, after(90), backups=tmp_path))["backup_age"] == "fail"


@pytest.mark.parametrize("hours", [-1, -87600])
def test_what_was_confirmed_later_than_now_fails_and_is_listed(watched, hours):
    found = health.examine(watched, after(hours))
    assert {check.name for check in found.checks if check.state == "fail"} >= {"later", "update_age"}
    detail = "live offers were confirmed later than now, as late as 2026-03-01 00:00 UTC"
    assert (check(found, "later").value, check(found, "later").detail) == (3, detail)
    assert [one.later for one in found.stale] == [1, 2]


def test_clocks_within_the_tolerance_are_fine(watched, tmp_path):
    backup.take(watched, tmp_path, START)
    found = health.examine(watched, after(-0.1), backups=tmp_path)
    assert {one.name: one.state for one in found.checks if one.name in ("later", "update_age", "backup_age")} == {
        "later": "ok",
        "update_age": "ok",
        "backup_age": "ok",
    }


def test_a_backup_dated_in_the_future_is_not_recent(watched, tmp_path):
    backup.take(watched, tmp_path, after(9000))
    assert states(health.examine(watched, after(1), backups=tmp_path))["backup_age"] == "fail"


def test_the_last_job_is_that_of_the_last_run_whatever_its_date(watched):
    with db.connect(watched) as connection:
        store.store(connection, run(9000, [offer("a", 2)]))
        later = runs.start(connection, START, "live", "v2")
        store.store(connection, run(2, run_id=later, status="failed", error_code="changed", error_message="x"))
    found = health.examine(watched, after(3))
    assert check(found, "scrapers").detail == "last job failed: nimbus"


def test_limits_are_stated_as_text():
    found = health.limits("stale=0.1:0.6", "size=1:inf, scrapers=2:3")
    assert (found["stale"], found["size"], found["scrapers"]) == ((0.1, 0.6), (1.0, float("inf")), (2.0, 3.0))
    assert found["backup_age"] == health.LIMITS["backup_age"]
    with pytest.raises(BuildError, match="expected CHECK=WARN:FAIL"):
        health.limits("stale=much")
    with pytest.raises(BuildError, match='limit "typo=1:2"'):
        health.limits("typo=1:2")


def test_sizes_count_a_partitioned_table_once(watched):
    with db.connect(watched) as connection:
        sizes = {one.name: one for one in health.table_sizes(connection)}
    assert sizes["price_history"].partitions == 4
    assert "price_history_2026_03" not in sizes
    assert sizes["instances"].total_bytes >= sizes["instances"].table_bytes + sizes["instances"].index_bytes


def test_index_is_unused_only_after_long_counting():
    def use(days, size=2_000_000, needed=False, scans=0):
        return health.IndexUse("instances", "x", scans, 0, 0, size, needed, days)

    assert use(20).is_unused
    assert not any(one.is_unused for one in (use(2), use(20, size=10), use(20, needed=True), use(20, scans=1)))


def test_reports_read_the_prices_that_the_site_shows(watched):
    with db.connect(watched) as connection:
        store.store(connection, run(12, [offer("a", 4), offer("b", 3)]))
        at = {"as_of": after(13)}
        cheapest = db.rows(connection, "report_cheapest", reports.CheapestOffer, gpu="h100-sxm", **at)
        offers = db.rows(connection, "report_provider", reports.ProviderOffer, provider="nimbus", **at)
        trend = db.rows(connection, "report_trend", reports.TrendDay, gpu="h100-sxm", days=2, **at)
        depin = db.rows(connection, "report_depin", reports.DepinProvider, as_of=after(1))
        tiers = db.rows(connection, "report_tiers", reports.TierPrice, **at)
    assert [(one.instance_type, one.price_per_gpu_hour) for one in cheapest] == [("b", 3), ("a", 4)]
    assert [one.instance_type for one in offers] == ["b", "a"]
    assert [(one.provider, one.minimum_price, one.maximum_price) for one in trend][-1] == ("nimbus", 2, 4)
    assert [(one.provider, one.offers_n, one.minimum_price) for one in depin] == [("kestrel", 1, 1)]
    assert [(one.gpu, one.offers_n, one.average_price) for one in tiers] == [("h100-sxm", 2, 3.5)]


def test_every_limit_is_documented_as_it_is():
    text = (settings.ROOT / "docs" / "operations.md").read_text("utf-8").replace("never", "inf").replace("−", "-")
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| [^|]+ \| ([^|]+ \| [^|]+) \|", text))
    stated = {name: tuple(float(number) for number in pair.split(" | ")) for name, pair in rows.items()}
    assert stated == health.LIMITS


def test_measures_are_compared_with_their_limits():
    def judged(name, value):
        return health._judged((name, value, ""), health.LIMITS).state

    for name, (warn, fail) in health.LIMITS.items():
        step = -1 if fail < warn else 1
        assert judged(name, warn - step * 0.01) == "ok"
        assert judged(name, warn) == ("fail" if fail == warn else "warn")
        assert judged(name, 1e9 if fail == float("inf") else fail) == ("warn" if fail == float("inf") else "fail")


def test_a_log_that_is_not_archived_dead_rows_and_unused_indexes_are_reported():
    table = health.Size("instances", 30_000_000_000, 0, 0, 6_000, 4_000, 0)
    index = health.IndexUse("instances", "idx_unused", 0, 0, 0, 2_000_000, False, 20)
    state = health._Storage(2, 0, 30_000_000_000, 0, True, "00000001000000000000000A")
    found = {name: (value, detail) for name, value, detail in health._of_storage(state, [table], [index])}
    assert found["archiving"] == (1, "00000001000000000000000A can't be archived")
    assert found["dead_rows"] == (0.4, "of the rows of instances are dead; vacuum removes them")
    assert (found["size"][0], found["unused_indexes"][0]) == (30, 1)
