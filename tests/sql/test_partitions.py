"""Months of history: made ahead, detached and kept; price points adopted; nothing with a history deleted."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.errors import RestrictViolation

from generator.commands.database_history import adopt_history, partitions, rollups
from generator.database import db, history, runs
from generator.errors import BuildError
from generator.ingest import store
from tests.sql import privileges
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after, offer, one, run, segments

pytestmark = pytest.mark.postgres

DAY = 24
NOW = datetime(2026, 6, 10, tzinfo=UTC)
DAILY = "select day, mean, minimum, maximum, close, covered_share from daily_prices('2026-01-01', '2026-12-31', %s)"


@pytest.fixture(scope="module")
def three_months(fresh_database):
    """The URL of a database with three months of an offer that changes every ten days, and of one that never does."""
    url = fresh_database.migrated()
    with db.connect(url) as connection:
        add_gpu(connection)
        add_provider(connection)
        runs.start(connection, START, "live", "v1")
        for day in range(90):
            store.store(connection, run(day * DAY, [offer("a", 2 + day // 10), offer("b", 7)]))
        connection.commit()
    return url


@pytest.fixture
def quarter(three_months, fresh_database):
    """A connection to a copy of that database."""
    url = fresh_database.copy_of(three_months)
    with db.connect(url) as connection:
        yield connection
    fresh_database.drop(url)


def daily(connection, as_of=NOW):
    return connection.execute(f"{DAILY} order by instance_id, day", [as_of]).fetchall()


def invoke(command, url, *arguments):
    return CliRunner().invoke(command, [*arguments], env={"DATABASE_URL": url}, catch_exceptions=False)


def test_a_detached_month_is_kept_and_its_daily_prices_stay(quarter):
    before = daily(quarter)
    rows = one(quarter, "select count(*) from price_history where recorded_at < '2026-04-01'")
    (detached,) = history.detach(quarter, date(2026, 4, 1), NOW)
    assert (detached.name, detached.became) == ("price_history_2026_03", "price_history_2026_03_detached")
    assert one(quarter, "select count(*) from price_history_2026_03_detached") == detached.segments == rows
    assert one(quarter, "select count(*) from price_history where recorded_at < '2026-04-01'") == 0
    assert daily(quarter) == before


def test_a_price_in_force_across_the_cut_continues_after_it(quarter):
    (detached,) = history.detach(quarter, date(2026, 4, 1), NOW)
    assert detached.carried_over == 2
    cut = 31 * DAY
    assert segments(quarter, "b") == [(7, cut, None, None)]
    assert segments(quarter)[0] == (5, cut, 40 * DAY, 39 * DAY)
    store.store(quarter, run(90 * DAY, [offer("a", 3), offer("b", 8)]))
    assert segments(quarter, "b") == [(7, cut, 90 * DAY, 89 * DAY), (8, 90 * DAY, None, None)]
    runs = "select day, through from price_daily join price_series on id = series_id"
    runs += " join instances as i on i.id = instance_id where instance_type = 'b'"
    assert quarter.execute(runs).fetchall() == [(date(2026, 3, 1), date(2026, 5, 29))]


def test_a_late_observation_of_a_detached_month_is_kept_beside_it(quarter):
    history.detach(quarter, date(2026, 4, 1), NOW)
    store.store(quarter, run(3, [offer("a", 9), offer("b", 7)]))
    assert one(quarter, "select count(*) from price_history_2026_03") > 0
    assert one(quarter, "select count(*) from price_history_default") == 0
    history.detach(quarter, date(2026, 4, 1), NOW)
    names = [month.name for month in history.months(quarter) if not month.is_attached]
    assert names == ["price_history_2026_03_detached", "price_history_2026_03_detached_2"]


def test_a_price_that_may_still_be_current_keeps_its_month(catalogue):
    store.store(catalogue, run(30 * DAY, [offer("a", 2)]))
    with pytest.raises(BuildError, match=r"1 prices were last seen shortly before 2026-04-01.*Refresh first"):
        history.detach(catalogue, date(2026, 4, 1), NOW)
    assert one(catalogue, "select tableoid::regclass::text from price_history") == "price_history_2026_03"


def test_a_price_that_nobody_saw_again_ends_at_its_last_confirmation(catalogue):
    store.store(catalogue, run(0, [offer("a", 2)]))
    store.store(catalogue, run(DAY, [offer("a", 2)]))
    history.detach(catalogue, date(2026, 4, 1), NOW)
    ended = "select valid_to, last_confirmed_at from price_history_2026_03_detached"
    assert catalogue.execute(ended).fetchall() == [(after(DAY), after(DAY))]
    store.store(catalogue, run(60 * DAY, [offer("a", 2)]))
    assert segments(catalogue) == [(2, 60 * DAY, None, None)]


def test_the_current_month_is_not_detached(catalogue):
    with pytest.raises(BuildError, match="2026-07 has not begun"):
        history.detach(catalogue, date(2026, 7, 1), NOW)


def test_detaching_does_not_wait_for_ever(catalogue, database_url):
    catalogue.execute("select ensure_price_history_partitions('2026-03-01', '2026-03-01')")
    catalogue.commit()
    with psycopg.connect(database_url) as reader:
        reader.execute("select count(*) from cloudgpus.price_history")
        with pytest.raises(BuildError, match="in use by another session: nothing was detached"):
            history.detach(catalogue, date(2026, 4, 1), NOW)
    assert history.detach(catalogue, date(2026, 4, 1), NOW)[0].segments == 0


def test_nobody_s_advisory_lock_stops_months_from_being_made_or_detached(quarter):
    with psycopg.connect(quarter.address) as stranger:
        stranger.execute("select pg_advisory_xact_lock(hashtextextended('cloudgpus.price_history', 0))")
        history.make_ahead(quarter, datetime(2030, 1, 1, tzinfo=UTC), 1)
        assert len(history.detach(quarter, date(2026, 4, 1), NOW)) == 1


def test_months_made_and_detached_give_each_role_what_it_had(quarter):
    history.make_ahead(quarter, NOW, 6)
    history.detach(quarter, date(2026, 4, 1), NOW)
    assert privileges.unintended(quarter) == []


def test_a_detached_month_still_keeps_its_offers(quarter):
    history.detach(quarter, date(2026, 4, 1), NOW)
    keys = "select count(*) from pg_constraint where conrelid = 'price_history_2026_03_detached'::regclass"
    assert one(quarter, f"{keys} and contype = 'f'") == 3
    closed = "select relrowsecurity and not has_table_privilege('anon', oid, 'select') from pg_class"
    assert one(quarter, f"{closed} where relname = 'price_history_2026_03_detached'") is True


def test_the_command_lists_the_months_and_makes_them_ahead(catalogue, database_url):
    catalogue.commit()
    assert invoke(partitions, database_url, "--ahead", "3").exit_code == 0
    listed = invoke(partitions, database_url, "--json")
    assert '"ahead": 3' in listed.output
    assert '"outside": 0' in listed.output
    assert '"name": "price_history_default"' in listed.output


def test_past_months_are_packed_once_and_keep_their_rows(quarter):
    before = segments(quarter), daily(quarter)
    compacted = history.compact(quarter, datetime(2026, 5, 10, tzinfo=UTC))
    assert [month.name for month in compacted] == ["price_history_2026_03", "price_history_2026_04"]
    assert history.compact(quarter, datetime(2026, 5, 10, tzinfo=UTC)) == []
    assert (segments(quarter), daily(quarter)) == before
    quarter.commit()
    assert invoke(partitions, quarter.address, "--compact", "--ahead", "2").output.count("bytes before") == 1


def test_the_command_fails_where_a_row_lies_outside_the_months(catalogue, database_url):
    ids = add_provider(catalogue, "p"), one(catalogue, "select id from gpu_models")
    instance = add_instance(catalogue, *ids)
    catalogue.execute(
        "insert into price_history (instance_id, provider_id, gpu_model_id, price_per_hour, availability_status,"
        " gpu_count, recorded_at) values (%s, %s, %s, 1, 'available', 1, '2031-05-05')",
        [instance, *ids],
    )
    catalogue.commit()
    invoke(partitions, database_url, "--ahead", "2")
    listed = invoke(partitions, database_url)
    assert listed.exit_code == 1
    assert "1 row outside the months" in listed.output


def test_the_command_fails_where_no_month_is_made_ahead(database_url):
    assert invoke(partitions, database_url).exit_code == 1


def test_the_command_detaches(quarter):
    done = invoke(partitions, quarter.address, "--detach-before", "2026-04", "--yes", "--ahead", "2")
    assert done.exit_code == 0
    assert "price_history_2026_03: 5 rows now in price_history_2026_03_detached" in done.output


def test_the_command_compares_daily_prices_with_history(quarter):
    assert invoke(rollups, quarter.address, "--check").exit_code == 0
    quarter.execute("update price_daily set mean = mean + 1 where day = '2026-03-11'")
    quarter.commit()
    checked = invoke(rollups, quarter.address, "--check")
    assert checked.exit_code == 1
    assert "nimbus a : 1 row different from history" in checked.output
    assert invoke(rollups, quarter.address, "--rebuild").exit_code == 0
    assert "They agree with history" in invoke(rollups, quarter.address, "--check").output


POINTS = """
    create schema old;
    create table old.price_history (
        id uuid primary key default gen_random_uuid(),
        instance_id uuid not null,
        provider_id uuid not null,
        gpu_model_id uuid not null,
        price_per_hour numeric(10,4) not null,
        price_per_gpu_hour numeric(10,4) not null,
        price_per_hour_spot numeric(10,4),
        availability_status cloudgpus.availability_status not null,
        gpu_count smallint not null,
        recorded_at timestamptz not null default now(),
        recorded_month date generated always as (date_trunc('month', recorded_at at time zone 'UTC')::date) stored
    );
    create index on old.price_history (instance_id, recorded_at desc);
"""


def points(connection, instance_id, ids, *prices):
    """Points of an instance, (hours after START, price)."""
    for hours, price in prices:
        connection.execute(
            "insert into old.price_history (instance_id, provider_id, gpu_model_id, price_per_hour, price_per_gpu_hour,"
            " availability_status, gpu_count, recorded_at) values (%s, %s, %s, %s, %s, 'available', 1, %s)",
            [instance_id, *ids, price, price, after(hours)],
        )


@pytest.fixture
def old(connection):
    """An older table of price points: of a current offer, one that disappeared, and one seen again since."""
    connection.execute(POINTS)
    ids = add_provider(connection), add_gpu(connection)
    runs.start(connection, START, "live", "v1")
    for name, active in (("a", True), ("gone", False), ("known", True)):
        seen = after(2000 if name == "known" else 1500)
        instance = add_instance(
            connection, *ids, instance_type=name, is_active=active, last_scraped_at=seen, price_per_hour=4
        )
        points(connection, instance, ids, (0, 2), (10, 3), (800, Decimal("3.5")), (1500, 4))
    connection.execute("delete from price_history where recorded_at = %s", [after(1500)])
    connection.commit()
    return connection


def test_points_become_segments_in_force_until_the_next(old):
    adopted = dict(history.adopt(old, "old.price_history"))
    assert adopted == {date(2026, 3, 1): 6, date(2026, 4, 1): 3, date(2026, 5, 1): 3}
    lasting = [(2, 0, 10, 10), (3, 10, 800, 800), (Decimal("3.5"), 800, 1500, 1500)]
    assert segments(old) == [*lasting, (4, 1500, None, None)]
    assert segments(old, "gone") == [*lasting, (4, 1500, 1500, 1500)]
    assert segments(old, "known") == [*lasting, (4, 1500, 2000, 2000), (4, 2000, None, None)]


def test_points_are_adopted_once(old):
    assert sum(dict(history.adopt(old, "old.price_history")).values()) == 12
    before = one(old, "select count(*) from price_history")
    assert sum(dict(history.adopt(old, "old.price_history")).values()) == 0
    assert one(old, "select count(*) from price_history") == before == 13
    assert one(old, "select count(*) from price_history_default") == 0


def test_an_interrupted_month_is_continued(old):
    whole = history.adopt(old, "old.price_history")
    next(whole)
    whole.close()
    assert sum(dict(history.adopt(old, "old.price_history")).values()) == 6
    assert segments(old)[-1] == (4, 1500, None, None)


@pytest.mark.parametrize("made", [
    "create view old.theirs as select * from old.price_history",
    "create table old.theirs as select * from old.price_history; alter table old.theirs owner to passer_by",
])  # fmt: skip
def test_a_table_that_would_run_somebody_else_s_code_is_not_read(old, made):
    old.execute("do $$ begin create role passer_by; exception when duplicate_object then end $$")
    old.execute(made)
    with pytest.raises(BuildError, match=r"old\.theirs is somebody else's; expected a table"):
        list(history.adopt(old, "old.theirs"))


def test_adopted_history_has_daily_prices_and_continues_with_the_next_run(old, database_url):
    done = invoke(adopt_history, database_url, "old.price_history")
    assert "2026-03: 6 segments" in done.output
    mean = "select mean from daily_prices('2026-03-01', '2026-03-01', %s) join instances on id = instance_id"
    assert one(old, f"{mean} where instance_type = 'a'", after(1600)) == Decimal("2.583333")
    assert history.rebuild_rollup(old, after(2100), keep=False) == []
    store.store(old, run(2001, [offer("a", 5), offer("known", 4)]))
    assert segments(old)[-2:] == [(4, 1500, 2001, 1500), (5, 2001, None, None)]


def test_points_of_unknown_offers_and_an_unknown_table_are_refused(old):
    with pytest.raises(BuildError, match=r'no table "old\.prices" in this database'):
        list(history.adopt(old, "old.prices"))
    old.execute("update old.price_history set instance_id = gen_random_uuid() where price_per_hour = 2")
    with pytest.raises(BuildError, match=r"3 points of instances that are not in cloudgpus.instances; Insert"):
        list(history.adopt(old, "old.price_history"))


@pytest.mark.parametrize(
    ("table", "slug", "named"), [("providers", "nimbus", "provider"), ("gpu_models", "h100-sxm", "GPU")]
)
def test_a_row_with_history_is_retired_and_not_deleted(catalogue, table, slug, named):
    store.store(catalogue, run(0, [offer()]))
    with pytest.raises(
        RestrictViolation, match=f'{named} "{slug}" has price history and is not deleted; retire it'
    ) as no:
        catalogue.execute(f"delete from {table} where slug = '{slug}'")
    assert no.value.diag.message_hint == f"update cloudgpus.{table} set is_active = false where slug = '{slug}'"


def test_a_provider_that_only_failed_is_kept_too(catalogue):
    store.store(catalogue, run(0, status="failed", error_code="http_503", error_message="503"))
    with pytest.raises(RestrictViolation, match='provider "nimbus" has runs on record'):
        catalogue.execute("delete from providers")


def test_a_row_without_history_may_be_deleted(catalogue):
    add_provider(catalogue, "empty")
    add_gpu(catalogue, "b200-sxm")
    assert catalogue.execute("delete from providers where slug = 'empty'").rowcount == 1
    assert catalogue.execute("delete from gpu_models where slug = 'b200-sxm'").rowcount == 1


def test_providers_change_prices_and_daily_prices_at_the_same_time(catalogue, database_url):
    slugs = ["p1", "p2", "p3", "p4"]
    for slug in slugs:
        add_provider(catalogue, slug)
    catalogue.commit()
    failures = []

    def stores(slug, direction):
        try:
            with db.connect(database_url) as connection:
                for hours in (0, 20, 30, 100, 55, 130):
                    offers = [offer(f"o-{number}", 1 + hours) for number in range(60)][::direction]
                    store.store(connection, run(hours, offers, provider=slug))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=stores, args=(slug, (-1) ** n)) for n, slug in enumerate(slugs * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert one(catalogue, "select count(*) from price_daily") > 4 * 60
    assert history.rebuild_rollup(catalogue, after(200), keep=False) == []
