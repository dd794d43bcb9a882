"""What commit aa56a02 stored is corrected: its databases (before/) are upgraded, and every kept answer replayed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from generator.database import db, history, restore, seeds, upgrade
from generator.ingest import outcome, refresh, replay
from scrapers import run
from tests.sql.samples import one

pytestmark = [pytest.mark.postgres, pytest.mark.long]

BEFORE = Path(__file__).parent / "before"
SUMMER = datetime(2026, 8, 23, tzinfo=UTC)
NOW = datetime(2026, 9, 5, tzinfo=UTC)
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def brought_forward(url, name):
    with db.connect(url) as connection:
        if (version := connection.info.server_version // 10000) < 18:
            pytest.skip(f"the databases are dumps of PostgreSQL 18; this server is {version}")
    restore.restore(url, restore.plan(url, BEFORE / f"{name}.dump"))
    with TemporaryDirectory() as backups:
        upgrade.upgrade(url, Path(backups), NOW)
    with db.connect(url) as connection:
        seeds.seed(connection)


def replay_all(connection, **options):
    """Replay each provider's kept answers; return the results."""
    done = {}
    for module in run.providers():
        runs = replay.runs_kept(connection, module.PROVIDER.slug, EVER)
        anew = replay.replay(connection, module, runs, version="v2", clock=lambda: NOW, **options)
        done |= {module.PROVIDER.slug: list(anew)} if runs else {}
    return done


def refreshed(connection, *providers):
    """A refresh from the shipped recordings."""
    report = refresh.refresh(
        connection,
        outcome.Options("recorded", providers),
        keys={},
        contact="tests",
        version="v2",
        clock=lambda: NOW,
    )
    return report.outcomes


def states(connection):
    return refresh.stored_providers(connection)


def kept(connection):
    """All that is stored about prices, except the runs that wrote it."""
    digest = (
        "select md5(string_agg(row::text, '' order by row::text))"
        " from (select to_jsonb({0}) - %s::text[] as row from {0}) as stored"
    )
    tables = ("instances", "price_history", "confirmations", "price_series", "price_daily")
    return [one(connection, digest.format(table), ["scrape_job_id", "updated_at"]) for table in tables]


def in_history(connection, condition, provider):
    return one(
        connection,
        f"select count(*) from price_history h join instances i on i.id = h.instance_id join providers p"
        f" on p.id = i.provider_id where h.is_active and p.slug = %s and {condition}",
        provider,
    )


def floor(connection, gpu, pricing_type):
    lowest = "select round(min(price_per_gpu_hour), 2) from prices_at(%s)"
    return one(
        connection, f"{lowest} where is_ranked and gpu_slug = %s and pricing_type = %s", SUMMER, gpu, pricing_type
    )


@pytest.fixture(scope="module")
def before(fresh_database):
    url = fresh_database.empty()
    brought_forward(url, "recorded")
    return url


@pytest.fixture(scope="module")
def after(fresh_database, before):
    """The recorded database, corrected, and how many offers each provider had before."""
    url = fresh_database.copy_of(before)
    with db.connect(url) as connection:
        assert [one.problem for found in replay_all(connection).values() for one in found if one.problem] == []
    return url


@pytest.fixture
def right(after):
    with db.connect(after) as connection:
        yield connection


FALSE = [
    ("gcp", "i.instance_type like 'a2-ultragpu%%' and i.region = 'asia-south2'"),
    ("gcp", "i.instance_type = 'a2-megagpu-16g' and i.region = 'europe-north1'"),
    ("gcp", "i.instance_type = 'a3-highgpu-8g' and i.region = 'northamerica-northeast1'"),
    ("gcp", "i.instance_type ~ '^a3-highgpu-[124]g$' and h.price_per_hour is not null"),
    ("runpod", "i.instance_type ~ 'community/1x b[23]00'"),
    ("sf-compute", "true"),
    ("voltage-park", "h.gpu_count = 1"),
]


@pytest.mark.parametrize(("provider", "condition"), FALSE)
def test_prices_that_were_never_true_leave_history(provider, condition, before, right):
    with db.connect(before) as connection:
        assert in_history(connection, condition, provider)
    assert in_history(right, condition, provider) == 0
    assert one(right, "select count(*) from instances where is_active and instance_type ~ 'community/1x b[23]00'") == 0


def test_what_a_provider_does_have_stays(right):
    """A3 High's small machines keep their spot price, Voltage Park its price per GPU, of nodes of 8."""
    assert in_history(right, "i.instance_type = 'a3-highgpu-8g' and h.price_per_hour > 0", "gcp")
    assert in_history(right, "i.instance_type ~ '^a3-highgpu-[124]g$' and h.price_per_hour_spot > 0", "gcp")
    assert in_history(right, "h.gpu_count = 8 and h.price_per_hour = 15.92", "voltage-park") == 1


def test_headlines_come_from_offers_that_can_be_rented(before, right):
    figures = [("a100-80gb", "spot"), ("h100-sxm", "spot"), ("b200-sxm", "on_demand"), ("b300-sxm", "on_demand")]
    with db.connect(before) as connection:
        wrong = [floor(connection, *figure) for figure in figures]
    assert wrong == [Decimal("0.65"), Decimal("1.13"), Decimal("5.98"), Decimal("6.94")]
    assert all(floor(right, *figure) > false for figure, false in zip(figures, wrong, strict=True))
    assert floor(right, "h100-sxm", "spot") == Decimal("1.28")


def for_rent(connection):
    return connection.execute(
        "select p.slug, i.instance_type, i.region, g.slug, i.gpu_count, i.gpu_share, i.size_stated, i.price_basis,"
        " i.availability_status, c.last_confirmed_at from instances i join providers p on p.id = i.provider_id"
        " join gpu_models g on g.id = i.gpu_model_id join confirmations c on c.instance_id = i.id where i.is_active"
        " order by 1, 2, 3"
    ).fetchall()


def test_what_is_for_rent_is_what_a_new_database_would_have(right, database_url):
    providers = [slug for slug, state in states(right).items() if state.offers_n]
    with db.connect(database_url) as connection:
        seeds.seed(connection)
        held = sum(
            outcome.held_back for outcome in refreshed(connection, *providers)
        )  # of GPUs whose market was unknown
        missing = set(for_rent(right)) ^ set(for_rent(connection))
        assert len(missing) <= held


def test_the_next_refresh_is_judged_by_what_is_left_and_changes_nothing(fresh_database, after):
    with db.connect(fresh_database.copy_of(after)) as connection:
        stood, providers = kept(connection), [slug for slug, state in states(connection).items() if state.offers_n]
        assert [one.problem for one in refreshed(connection, *providers) if one.problem] == []
        assert kept(connection) == stood


def test_a_refresh_before_any_replay_is_not_refused_for_having_fewer_offers(fresh_database, before):
    with db.connect(fresh_database.copy_of(before)) as connection:
        had = states(connection)["gcp"].offers_n
        (gcp,) = refreshed(connection, "gcp")
        assert (gcp.problem, gcp.found < had / 2) == ("", True)
        assert states(connection)["gcp"].offers_n == gcp.found
        assert in_history(connection, "i.region = 'asia-south2' and i.instance_type like 'a2-ultragpu%%'", "gcp") == 0


def test_a_second_replay_changes_nothing(fresh_database, after):
    with db.connect(fresh_database.copy_of(after)) as connection:
        stood = kept(connection)
        assert [one.changes for found in replay_all(connection).values() for one in found if one.changes] == []
        assert kept(connection) == stood


def test_a_dry_run_tells_the_same_changes_and_writes_nothing(fresh_database, before):
    with db.connect(fresh_database.copy_of(before)) as connection:
        stood, jobs = kept(connection), one(connection, "select count(*) from scrape_jobs")
        tried = replay_all(connection, dry_run=True)
        assert (kept(connection), one(connection, "select count(*) from scrape_jobs")) == (stood, jobs)
        assert replay_all(connection) == tried


@pytest.fixture(scope="module")
def live(fresh_database):
    url = fresh_database.empty()
    brought_forward(url, "live")
    return url


def daily(connection, provider):
    return one(
        connection,
        "select array_agg(array[s.is_spot::int, d.mean] order by d.day, 1) from price_daily d"
        " join price_series s on s.id = d.series_id join instances i on i.id = s.instance_id"
        " join providers p on p.id = i.provider_id where p.slug = %s",
        provider,
    )


def test_live_answers_of_past_days_are_corrected_in_history_and_daily_prices(fresh_database, live):
    with db.connect(fresh_database.copy_of(live)) as connection:
        node = daily(connection, "voltage-park")
        assert None not in (node, daily(connection, "sf-compute"))
        assert not [one.problem for found in replay_all(connection).values() for one in found if one.problem]
        assert (daily(connection, "sf-compute"), in_history(connection, "true", "sf-compute")) == (None, 0)
        assert daily(connection, "voltage-park") == node  # per GPU it was right
        assert in_history(connection, "h.gpu_count = 1", "voltage-park") == 0
        assert in_history(connection, "h.price_per_hour = 8 * 2.49 and h.valid_to is not null", "voltage-park") == 1
        assert history.rebuild_rollup(connection, NOW, keep=False) == []
