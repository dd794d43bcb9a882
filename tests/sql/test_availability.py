from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from generator.database import db, runs
from generator.ingest import store
from tests.sql.samples import START, add_gpu, add_provider, after, offer, run

pytestmark = pytest.mark.postgres
HOUR = timedelta(hours=1)


@dataclass
class Row:
    gpu_slug: str
    provider_slug: str
    watched_hours: Decimal
    available_share: Decimal
    daily: str


@pytest.fixture
def catalogue(connection):
    add_gpu(connection)
    add_provider(connection)
    runs.start(connection, START, "live", "v1")
    connection.commit()
    return connection


def seen(connection, hours, *statuses, price=2, **changes):
    offers = [
        offer(f"type-{n}", price, availability_status=status, **changes) for n, status in enumerate(statuses) if status
    ]
    store.store(connection, run(hours, offers))


def series(connection):
    rows = connection.execute(
        "select availability_status::text, since, until, is_open from availability_history order by instance_id, since"
    ).fetchall()
    return [
        (status, (since - START).seconds // 3600, (until - START).seconds // 3600, o)
        for status, since, until, o in rows
    ]


def share(connection, hours, days=30):
    rows = db.rows(connection, "catalogue_availability", Row, as_of=after(hours), days=days, gpus=None, providers=None)
    return [(row.watched_hours, row.available_share) for row in rows]


def test_a_change_of_price_does_not_end_a_status(catalogue):
    for hours, price in ((0, 2), (2, 3), (4, 2)):
        seen(catalogue, hours, "available", price=price)
    seen(catalogue, 6, "sold_out")
    seen(catalogue, 9, "sold_out")
    assert series(catalogue) == [("available", 0, 6, False), ("sold_out", 6, 9, True)]


def test_an_offer_that_disappeared_has_no_status(catalogue):
    seen(catalogue, 0, "available", "available")
    seen(catalogue, 2, "available")
    seen(catalogue, 5, "available", "available")
    assert sorted(series(catalogue)) == [
        ("available", 0, 2, False),
        ("available", 0, 5, True),
        ("available", 5, 5, True),
    ]


def test_a_status_that_no_answer_states_is_in_no_series(catalogue):
    seen(catalogue, 0, "available", availability_stated=False)
    seen(catalogue, 5, "available", availability_stated=False)
    assert series(catalogue) == []
    assert share(catalogue, 6) == []


def test_a_provider_has_a_gpu_while_any_of_its_offers_is_available(catalogue):
    seen(catalogue, 0, "available", "sold_out")
    seen(catalogue, 2, "sold_out", "sold_out")
    seen(catalogue, 6, "sold_out", "limited")
    seen(catalogue, 8, "sold_out", "limited")
    assert share(catalogue, 8) == [(8, Decimal("0.5"))]


def test_unwatched_time_counts_neither_way(catalogue):
    seen(catalogue, 0, "available")
    seen(catalogue, 10, "available")
    seen(catalogue, 10 + 100, "sold_out")
    seen(catalogue, 10 + 110, "sold_out")
    assert share(catalogue, 130) == [(20, Decimal("0.5"))]


def test_only_the_last_days_count(catalogue):
    for hours in range(0, 48, 12):
        seen(catalogue, hours, "sold_out")
    seen(catalogue, 48, "available")
    seen(catalogue, 60, "available")
    assert share(catalogue, 60, days=1) == [(24, Decimal("0.5"))]


def test_each_day_has_a_letter_the_oldest_first(catalogue):
    """Looked at on a day with a machine for some hours, and from an evening to the next morning without any."""
    seen(catalogue, 0, "sold_out")
    seen(catalogue, 12, "available")
    seen(catalogue, 20, "available")
    seen(catalogue, 24 * 2 + 90, "sold_out")
    seen(catalogue, 24 * 2 + 100, "sold_out")
    rows = db.rows(
        catalogue, "catalogue_availability", Row, as_of=START + 7 * 24 * HOUR, days=8, gpus=None, providers=None
    )
    assert [row.daily for row in rows] == ["-i----oo"]
