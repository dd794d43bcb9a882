"""Every provider refreshed from its recording as if from the live site: once without faults, then with them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from generator.database import db, seeds
from generator.ingest import outcome, refresh
from scrapers import http, run
from scrapers.http import Policy
from scrapers.run import ProviderModule
from tests.faults.internet import Internet, environment, trusting

GOOD, LATER = datetime(2026, 9, 20, 12, tzinfo=UTC), timedelta(hours=2)
CALM = Policy(requests_per_second=1000, first_wait_seconds=0.01, retry_after_seconds=2, body_bytes=2**20)
PRICES = ("price_per_hour", "price_per_hour_spot", "price_per_month")
PRICES += ("price_per_hour_reserved_1y", "price_per_hour_reserved_3y")

Refreshed = Callable[..., outcome.RefreshReport]
Stored = dict[str, dict[tuple[str, str], tuple[Any, ...]]]


def asked() -> list[ProviderModule]:
    """The modules of all providers that offers are fetched from; for a "stated" one, nothing is fetched."""
    asked = [module for module in run.providers() if module.PROVIDER.source_class != "stated"]
    return [module for module in asked if module.PROVIDER.minimum_offers]


@pytest.fixture(scope="session")
def internet() -> Iterator[Internet]:
    with Internet(asked()) as server:
        yield server


@pytest.fixture(scope="session")
def refreshed(internet: Internet) -> Refreshed:
    """A function that refreshes all providers from the simulated internet: (connection, now, policy)."""

    def refreshed(connection: db.Connection, now: datetime, policy: Policy = CALM) -> outcome.RefreshReport:
        modules = asked()
        with pytest.MonkeyPatch.context() as patched:
            for name, value in environment(internet).items():
                patched.setenv(name, value)
            patched.setattr(http, "_certificates", trusting)
            patched.setattr(http, "Client", partial(http.Client, policy=policy))
            return refresh.refresh(
                connection,
                outcome.Options(),
                keys={module.PROVIDER.slug: "a-key-of-the-tests" for module in modules},
                contact="tests",
                version="v1",
                clock=lambda: now,
                modules=modules,
            )

    return refreshed


@pytest.fixture(scope="session")
def good_database(fresh_database: Any, refreshed: Refreshed) -> str:
    """The URL of a database after one good run of all providers; tests copy it."""
    url: str = fresh_database.migrated()
    with db.connect(url) as connection:
        seeds.seed(connection)
        report = refreshed(connection, GOOD)
    assert {one.provider: one.problem for one in report.outcomes if one.state != "live"} == {}
    return url


@pytest.fixture(scope="session")
def good(good_database: str) -> Stored:
    """What that run stored."""
    with db.connect(good_database) as connection:
        return stored(connection)


@pytest.fixture
def connection(good_database: str, fresh_database: Any) -> Iterator[db.Connection]:
    """A connection to a copy of that database."""
    with db.connect(fresh_database.copy_of(good_database)) as connection:
        yield connection


def stored(connection: db.Connection) -> Stored:
    """Provider -> (instance type, region) -> currency, prices in US dollars and as charged; active live offers only."""
    columns = ", ".join([*PRICES, *(f"original_{name}" for name in PRICES)])
    rows = connection.execute(
        f"select p.slug, instance_type, region, i.currency, {columns} from instances i"  # type: ignore[arg-type]
        " join providers p on p.id = i.provider_id where i.is_active and not i.is_recorded"
    )
    found: Stored = {}
    for slug, instance_type, region, *values in rows:
        found.setdefault(slug, {})[instance_type, region or ""] = tuple(values)
    return found


def history(connection: db.Connection) -> list[tuple[Any, ...]]:
    """Every segment of price history: provider, offer, whether it is active, its US dollar prices."""
    columns = ", ".join(f"h.{name}" for name in PRICES)
    rows = connection.execute(
        f"select p.slug, h.instance_id, h.is_active, {columns} from price_history h"  # type: ignore[arg-type]
        " join instances i on i.id = h.instance_id join providers p on p.id = i.provider_id"
        " order by h.instance_id, h.recorded_at"
    )
    return list(rows)


def jobs(connection: db.Connection, report: outcome.RefreshReport) -> dict[str, tuple[str, str | None]]:
    """Provider -> status and error code of its job in this run."""
    rows = connection.execute(
        "select p.slug, j.status::text, j.error_code from scrape_jobs j"
        " join providers p on p.id = j.provider_id where j.run_id = %s",
        [report.run_id],
    )
    return {slug: (status, code) for slug, status, code in rows}
