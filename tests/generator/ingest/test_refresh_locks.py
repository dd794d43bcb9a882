from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql

from generator.database import db
from generator.errors import DatabaseUnreachable
from generator.ingest import store
from tests.generator.answers import NOW, module, run
from tests.generator.ingest.stored import jobs, prices

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@contextmanager
def locked(database_url, statement):
    """Another session that holds what `statement` locks."""
    with psycopg.connect(database_url) as other:
        other.execute("set search_path = cloudgpus")
        other.execute(statement)
        yield


TURN = "select from providers where slug = 'nimbus' for update"
ROWS = "select from instances where provider_id = (select id from providers where slug = 'nimbus') for update"


def impatient(monkeypatch, **limits):
    """Set limits, in milliseconds, for every transaction."""
    stated = "".join(f"; set local {name} = {value}" for name, value in limits.items())
    monkeypatch.setattr(db, "_SETTINGS", sql.SQL(db._SETTINGS.as_string() + stated))


@pytest.mark.parametrize(
    ("limit", "milliseconds", "says"),
    [("lock_timeout", 200, "due to lock timeout"), ("statement_timeout", 2000, "due to statement timeout")],
)
def test_a_time_out_while_storing_is_its_own_providers_failure(
    limit, milliseconds, says, catalogue, answers, database_url, monkeypatch
):
    nimbus, kestrel = module("nimbus", answers.url), module("kestrel", answers.url)
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    run(catalogue, nimbus, kestrel, source="live")
    catalogue.commit()
    answers.plans("nimbus", 2.5)
    answers.plans("kestrel", 3.5)
    impatient(monkeypatch, **{limit: milliseconds})
    with locked(database_url, ROWS):
        report = run(catalogue, nimbus, kestrel, source="live", now=NOW + HOUR)
    (failed,) = report.failed
    assert (failed.provider, failed.state, failed.error_code) == ("nimbus", "kept", "database_busy")
    assert failed.problem.startswith("nimbus: the database did not take its offers: ")
    assert says in failed.problem
    assert prices(catalogue) == [("kestrel", 3.5, False), ("nimbus", 2, False)]
    assert ("nimbus", "failed", "database_busy", 0) in jobs(catalogue)
    assert run(catalogue, nimbus, source="live", now=NOW + 2 * HOUR).failed == ()
    assert prices(catalogue)[-1] == ("nimbus", 2.5, False)


def test_a_provider_whose_turn_does_not_come_is_named_and_leaves_no_job(catalogue, answers, database_url, monkeypatch):
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    impatient(monkeypatch, lock_timeout=200)
    with locked(database_url, TURN):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    (failed,) = report.failed
    assert (failed.provider, failed.state, failed.error_code) == ("nimbus", "none", "database_busy")
    assert jobs(catalogue) == [("kestrel", "completed", None, 1)]


@pytest.mark.parametrize("name", ["store.nimbus", "migrations", "backup", "price_history"])
def test_an_advisory_lock_keeps_no_provider_from_being_stored(catalogue, answers, database_url, monkeypatch, name):
    answers.plans("nimbus", 2)
    impatient(monkeypatch, lock_timeout=200)
    with locked(database_url, f"select pg_advisory_xact_lock(hashtextextended('cloudgpus.{name}', 0))"):
        report = run(catalogue, module("nimbus", answers.url), source="live")
    assert report.failed == ()


def test_one_lock_costs_one_provider_its_patience_and_the_others_a_second(
    catalogue, answers, database_url, monkeypatch
):
    monkeypatch.setattr(db.Connection, "patience", "2s")
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 2)
    waited = []
    look = db._look
    monkeypatch.setattr(db, "_look", lambda waiting, found: waited.append(waiting.patience) or look(waiting, found))
    with locked(database_url, "lock table scrape_jobs in share mode"):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    assert [one.error_code for one in report.failed] == ["database_busy"] * 2
    assert "the lock is held by" in report.failed[0].problem
    assert (waited[0], waited[-1], catalogue.patience) == ("2s", "1s", "2s")


def test_a_provider_that_waits_for_a_lock_names_who_holds_it(catalogue, answers, database_url, monkeypatch):
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    impatient(monkeypatch, lock_timeout=1500)
    with locked(f"{database_url}&application_name=desk", TURN):
        report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    (failed,) = report.failed
    assert 'lock timeout; the lock is held by "postgres" (process ' in failed.problem
    assert ", desk, since " in failed.problem
    assert prices(catalogue) == [("kestrel", 3, False)]


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_deadlock_while_storing_is_its_own_providers_failure(state, catalogue, answers, monkeypatch):
    stored = store._store_offers

    def losing(connection, provider_run, *ids):
        if provider_run.provider == "nimbus":
            connection.execute(f"do $$ begin raise exception 'overtaken' using errcode = '{state}'; end $$")
        return stored(connection, provider_run, *ids)

    monkeypatch.setattr(store, "_store_offers", losing)
    answers.plans("nimbus", 2)
    answers.plans("kestrel", 3)
    report = run(catalogue, module("nimbus", answers.url), module("kestrel", answers.url), source="live")
    assert [(one.provider, one.error_code) for one in report.failed] == [("nimbus", "database_busy")]
    assert prices(catalogue) == [("kestrel", 3, False)]
    assert ("nimbus", "failed", "database_busy", 0) in jobs(catalogue)


def test_a_lost_connection_ends_the_run(catalogue, answers, database_url, monkeypatch):
    def losing(connection, *_):
        connection.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(store, "_store_offers", losing)
    answers.plans("nimbus", 2)
    with pytest.raises(DatabaseUnreachable), db.connect(database_url) as connection:
        run(connection, module("nimbus", answers.url), source="live")
