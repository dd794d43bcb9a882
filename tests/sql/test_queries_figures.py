"""Figures of ranked offers: medians and floors, of made-up rows and worked out by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.catalogue.rows import ConfirmedRow, FloorRow, StatsRow
from generator.database import db
from generator.labels import SEGMENTS
from tests.sql.samples import START, after, one, settle

pytestmark = pytest.mark.postgres

ALL = {"gpus": None, "providers": None}


def stats(connection, hours=1, segment=""):
    settle(connection, hours)
    rows = db.rows(connection, "gpu_stats", StatsRow, gpus=None)
    return {(row.gpu_slug, row.pricing_type): row for row in rows if row.segment == segment}


def test_each_provider_has_one_vote_its_cheapest_price_per_gpu(market, connection):
    market("ash", 8, gpu_count=8)
    for price in (2, 3, 4):
        market("ash", price)
    market("elm", 5)
    market("fir", 9)
    assert stats(connection)["h100-sxm", "on_demand"] == StatsRow(
        "h100-sxm", "on_demand", "", 3, 6, 1, 3, 5, 7, 9, "ash"
    )


def test_each_segment_has_figures_of_its_own(market, connection):
    kinds = ("hyperscaler", "specialized_neocloud", "regional_cloud", "bare_metal", "marketplace", "depin")
    for price, kind in enumerate(kinds, 1):
        market(kind.replace("_", "-"), price)
        connection.execute("update providers set provider_type = %s where slug = %s", [kind, kind.replace("_", "-")])
    found = {name: stats(connection, segment=name)["h100-sxm", "on_demand"] for name in SEGMENTS}
    assert {name: (row.floor, row.median, row.providers_n) for name, row in found.items()} == {
        "hyperscaler": (1, 1, 1), "cloud": (2, 3, 3), "marketplace": (5, Decimal("5.5"), 2),
    }  # fmt: skip
    assert stats(connection)["h100-sxm", "on_demand"].providers_n == 6


def test_the_median_of_two_prices_lies_between_them_and_of_one_is_that_price(market, connection):
    market("ash", 2)
    assert stats(connection)["h100-sxm", "on_demand"].median == 2
    market("elm", 5)
    assert stats(connection)["h100-sxm", "on_demand"].median == Decimal("3.5")


def test_pricing_types_are_never_mixed(market, connection):
    market("ash", 4, price_per_hour_spot=1, price_per_month=Decimal(1460))
    market("elm", 6, price_per_hour_reserved_1y=3)
    market("fir", None, price_per_hour_spot=2)
    found = {kind: (row.floor, row.median, row.providers_n) for (_, kind), row in stats(connection).items()}
    assert found == {
        "on_demand": (4, 5, 2), "spot": (1, Decimal("1.5"), 2), "monthly": (2, 2, 1), "reserved_1y": (3, 3, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "unranked",
    [
        {"price_basis": "gpu_only"}, {"price_basis": "bundle"}, {"gpu_share": Decimal("0.5")},
        {"last_scraped_at": START - timedelta(hours=6)}, {"availability_status": "waitlist"}, {"is_recorded": True},
    ],
)  # fmt: skip
def test_an_unranked_offer_counts_in_no_figure(market, connection, unranked):
    for provider, price in (("ash", 4), ("elm", 6)):
        live = market(provider, price)
        connection.execute(
            "insert into confirmations (instance_id, last_confirmed_at) values (%s, %s) on conflict do nothing",
            [live, START],
        )
    market("fir", Decimal("0.5"), **unranked)
    row = stats(connection)["h100-sxm", "on_demand"]
    assert (row.floor, row.median, row.providers_n, row.offers_n) == (4, 5, 2, 2)
    floors = db.rows(connection, "provider_floors", FloorRow, **ALL)
    assert [(floor.provider_slug, floor.floor) for floor in floors] == [("ash", 4), ("elm", 6)]


def test_a_gpu_s_ranked_prices_were_confirmed_when_the_newest_of_them_was(market, connection):
    for provider, hours, columns in (("ash", 0, {}), ("elm", 1, {}), ("fir", 2, {"price_basis": "gpu_only"})):
        market(provider, 4, last_scraped_at=after(hours), **columns)
    (row,) = db.rows(connection, "gpu_confirmations", ConfirmedRow, as_of=after(2), gpus=["h100-sxm"])
    assert row.last_confirmed_at == after(1)


def test_offers_of_a_chip_count_in_no_figure_of_its_variants(market, connection):
    chip = one(
        connection,
        "insert into gpu_models (slug, name, short_name, architecture, kind, chip)"
        " values ('h100', 'H100', 'H100', 'hopper', 'chip', 'h100') returning id",
    )
    market("ash", 1, gpu=chip)
    market("elm", 6)
    assert stats(connection)["h100-sxm", "on_demand"].floor == 6


def test_equal_floors_name_the_provider_that_comes_first(market, connection):
    for provider in ("elm", "ash"):
        market(provider, 2)
    assert stats(connection)["h100-sxm", "on_demand"].cheapest_provider == "ash"


def test_floors_are_per_provider_gpu_and_pricing_type(market, connection):
    market("ash", 24, gpu_count=8, price_per_hour_spot=8)
    market("ash", 4)
    settle(connection, 1)
    assert db.rows(connection, "provider_floors", FloorRow, **ALL) == [
        FloorRow("h100-sxm", "ash", "on_demand", Decimal(3), [1, 8], [Decimal(4), Decimal(3)]),
        FloorRow("h100-sxm", "ash", "spot", Decimal(1), [8], [Decimal(1)]),
    ]


def test_machines_of_unstated_size_have_floors_of_their_own(market, connection):
    market("ash", 4, size_stated=False)
    market("ash", 5)
    settle(connection, 1)
    (floors,) = db.rows(connection, "provider_floors", FloorRow, **ALL)
    assert (floors.floor, floors.gpu_counts, floors.count_floors) == (4, [0, 1], [4, 5])
