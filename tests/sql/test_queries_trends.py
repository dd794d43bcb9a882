"""Daily figures of observed prices, of made-up rows and worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from generator.catalogue.rows import SellerDayRow, TrendRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import add_provider, after, offer, run

pytestmark = pytest.mark.postgres

FIRST = date(2026, 3, 1)


def trend(connection, hours, days=365):
    rows = db.rows(connection, "gpu_trend_daily", TrendRow, as_of=after(hours), days=days, gpus=None)
    return [(row.day.day, row.floor, row.median, row.providers_n) for row in rows]


def test_a_days_price_is_weighted_by_how_long_it_was_in_force(catalogue):
    for hours, price in ((0, 2), (6, 4), (30, 4)):
        store.store(catalogue, run(hours, [offer(price=price)]))
    assert trend(catalogue, 48) == [(1, Decimal("3.5"), Decimal("3.5"), 1), (2, 4, 4, 1)]


def test_a_trend_ends_yesterday_since_today_is_the_present_figure(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    assert trend(catalogue, 23) == []
    assert trend(catalogue, 24) == [(1, 2, 2, 1)]


def test_a_day_that_nobody_observed_has_no_row(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    store.store(catalogue, run(96, [offer(price=2)]))
    assert [day for day, *_ in trend(catalogue, 120)] == [1, 2, 5]


def test_an_offer_that_disappeared_stops_and_its_provider_keeps_its_other_one(catalogue):
    store.store(catalogue, run(0, [offer("a", 2), offer("b", 5)]))
    store.store(catalogue, run(24, [offer("b", 5)]))
    assert trend(catalogue, 48) == [(1, 2, 2, 1), (2, 5, 5, 1)]


def test_a_price_seen_again_after_a_gap_draws_the_same_days_as_before(catalogue):
    store.store(catalogue, run(0, [offer(price=2)]))
    before = trend(catalogue, 95)
    store.store(catalogue, run(96, [offer(price=3)]))
    assert trend(catalogue, 95) == before == [(1, 2, 2, 1), (2, 2, 2, 1)]


def test_a_trend_gives_each_provider_one_vote(catalogue):
    for provider, prices in (("nimbus", (1, 2, 3)), ("elm", (5,)), ("fir", (9,))):
        if provider != "nimbus":
            add_provider(catalogue, provider)
        store.store(catalogue, run(0, [offer(str(price), price) for price in prices], provider=provider))
    assert trend(catalogue, 24) == [(1, 1, 5, 3)]


def test_recorded_answers_shares_and_bare_gpus_draw_no_trend(catalogue):
    store.store(catalogue, run(0, [offer("a", gpu_share=Decimal("0.5")), offer("b", price_basis="gpu_only")]))
    add_provider(catalogue, "elm")
    store.store(catalogue, run(0, [offer()], provider="elm", is_recorded=True))
    assert trend(catalogue, 24) == []


def test_a_trend_begins_with_the_days_asked_for(catalogue):
    for hours in range(0, 24 * 5, 24):
        store.store(catalogue, run(hours, [offer(price=2)]))
    assert [day for day, *_ in trend(catalogue, 24 * 5 + 1, days=3)] == [4, 5]


def test_each_sellers_price_comes_day_by_day_and_by_pricing_type(catalogue):
    add_provider(catalogue, "elm")
    store.store(catalogue, run(0, [offer("a", 2, price_per_hour_spot=Decimal(1)), offer("b", 3)]))
    store.store(catalogue, run(0, [offer("a", 5)], provider="elm"))
    rows = db.rows(catalogue, "seller_days", SellerDayRow, as_of=after(24), days=9, gpus=["h100-sxm"])
    assert [(row.pricing_type, row.day, dict(zip(row.providers, row.floors, strict=True))) for row in rows] == [
        ("on_demand", FIRST, {"elm": 5, "nimbus": 2}),
        ("spot", FIRST, {"nimbus": 1}),
    ]
    assert db.rows(catalogue, "seller_days", SellerDayRow, as_of=after(24), days=9, gpus=["a100"]) == []
