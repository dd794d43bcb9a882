"""Others' readings of prices, of made-up rows and worked out by hand."""

import pytest

from generator.catalogue.rows import (
    IncompleteReadingRow,
    ListedGpuRow,
    MoveRow,
    ReadingsLeftOutRow,
    ReferenceRow,
    ReferenceSourceRow,
)
from generator.database import db, runs
from generator.ingest.interpretation import MarketPrices
from tests.sql.samples import START, add_gpu, add_instance, add_provider, after

pytestmark = pytest.mark.postgres


@pytest.fixture
def readings(connection):
    """A function that adds a provider's readings, in hours after START, from a source with a cadence of 36 hours."""
    gpu = add_gpu(connection)
    connection.execute(
        "insert into reference_sources (id, slug, name, url, licence, attribution, cadence)"
        " values (1, 'readers', 'Readers', 'https://r.example/', 'MIT', 'By readers', '36 hours')"
    )

    def read(provider, *prices, pricing_type="on_demand", region="", gpu_count=1, price_basis="complete"):
        for hours, price in prices:
            connection.execute(
                "insert into reference_history (source_id, provider, gpu_model_id, pricing_type, price_per_gpu_hour,"
                " observed_at, region, gpu_count, price_basis) values (1, %s, %s, %s, %s, %s, %s, %s, %s)",
                [provider, gpu, pricing_type, price, after(hours), region, gpu_count, price_basis],
            )

    return read


def reference(connection, hours):
    rows = db.rows(connection, "reference_trend_daily", ReferenceRow, as_of=after(hours), gpus=None)
    return [(row.day.day, dict(zip(row.providers, row.floors, strict=True))) for row in rows]


def test_a_reading_counts_until_the_next_and_no_longer_than_its_sources_cadence(readings, connection):
    readings("ash", (6, 3), (30, 2), (120, 4))
    assert reference(connection, 130) == [(1, {"ash": 3}), (2, {"ash": 2}), (3, {"ash": 2}), (6, {"ash": 4})]


def test_a_days_price_is_the_last_one_read_that_day_whether_it_rose_or_fell(readings, connection):
    readings("ash", (1, 2), (20, 3))
    readings("elm", (1, 3), (20, 2))
    assert reference(connection, 21) == [(1, {"ash": 3, "elm": 2})]


def test_a_providers_price_is_that_of_its_cheapest_region_and_size(readings, connection):
    readings("ash", (0, 3), region="eu")
    readings("ash", (1, 2), region="us", gpu_count=8)
    readings("ash", (2, 1), pricing_type="spot")
    assert reference(connection, 3) == [(1, {"ash": 2})]


@pytest.mark.parametrize("price_basis", ["gpu_only", "bundle", None])
def test_readings_that_are_not_of_whole_machines_are_in_no_series(readings, connection, price_basis):
    readings("ash", *daily(*[4] * 8))
    readings("ash", *daily(*[2] * 4, *[1] * 4), region="alone", price_basis=price_basis)
    readings("elm", *daily(*[2] * 4, *[1] * 4), price_basis=price_basis)
    assert reference(connection, 0) == [(1, {"ash": 4})]
    assert moves(connection, 7) == []


def test_who_states_no_price_of_a_whole_machine_is_listed_with_what_it_is_of(readings, connection):
    readings("ash", (0, 4))
    readings("elm", (0, 4), (1, 3), price_basis="gpu_only")
    readings("fir", (0, 4), price_basis=None)
    rows = db.rows(connection, "incomplete_readings", IncompleteReadingRow, as_of=after(9), gpus=None)
    assert rows == [("h100-sxm", "readers", "elm", "gpu_only")]


def test_a_gpu_has_index_days_from_the_thirtieth_with_three_providers_of_one_source(readings, connection):
    for seller, days in (("ash", 30), ("elm", 30), ("fir", 29)):
        readings(seller, *((24 * day, 2) for day in range(days)))

    def has_index_days():
        (row,) = db.rows(connection, "listed_gpus", ListedGpuRow, as_of=after(900))
        return row.has_index_days

    assert not has_index_days()
    readings("fir", (24 * 29, 2))
    assert has_index_days()


def test_the_market_is_of_whole_machines(readings, connection):
    assert band(connection) == []
    for provider in ("elm", "fir", "ivy"):
        readings(provider, (0, 1), price_basis="gpu_only")
        readings(f"{provider}-bundled", (0, 90), price_basis="bundle")
    assert band(connection) == []
    readings("ash", (0, 4))
    assert band(connection) == [("h100-sxm", 4, 4, 1, 4)]


def test_an_offer_without_its_host_is_no_part_of_the_market(connection):
    ids = add_provider(connection), add_gpu(connection)
    runs.start(connection, START, "live", "v1")
    add_instance(connection, *ids, price_per_hour=1, price_basis="gpu_only")
    assert band(connection) == []
    add_instance(connection, *ids, instance_type="whole", price_per_hour=3)
    assert band(connection) == [("h100-sxm", 3, 3, 1, 3)]


def band(connection):
    rows = db.rows(connection, "market_prices", MarketPrices)
    return [(row.gpu_slug, row.lowest, row.highest, row.providers_n, row.median) for row in rows]


def test_readings_that_count_in_no_figure_are_counted_by_rule(readings, connection):
    readings("ash", (0, 4), (1, 4))
    readings("elm", (0, 1), (1, 1), price_basis="gpu_only")
    connection.execute("insert into reference_left_out values (1, 'average', 7)")
    assert db.rows(connection, "reference_left_out", ReadingsLeftOutRow) == [
        ReadingsLeftOutRow("readers", "average", 7),
        ReadingsLeftOutRow("readers", "gpu_only", 2),
    ]


def test_nothing_is_read_after_the_instant_asked_for(readings, connection):
    readings("ash", (0, 3), (20, 1))
    assert reference(connection, 10) == [(1, {"ash": 3})]


def moves(connection, days):
    rows = db.rows(connection, "reference_moves", MoveRow, as_of=after(24 * days), days=7)
    return [(row.provider_slug, row.old_price, row.new_price, (row.changed_at - START).days) for row in rows]


def daily(*prices):
    return [(24 * day, price) for day, price in enumerate(prices)]


def test_a_move_is_from_the_price_at_the_start_of_the_week_to_the_newest(readings, connection):
    readings("ash", *daily(2, 2, 2, 3, 3, 3, 3, 3))
    assert moves(connection, 7) == [("ash", 2, 3, 3)]


def test_a_price_that_went_up_and_came_back_dates_from_its_return(readings, connection):
    readings("ash", *daily(2, 3, 2, 2, 2, 3, 3, 3))
    assert moves(connection, 7) == [("ash", 2, 3, 5)]


def test_small_moves_and_prices_without_a_beginning_are_left_out(readings, connection):
    readings("ash", *daily(*["2.00"] * 7, "2.05"))
    readings("elm", (24 * 5, 2), (24 * 7, 3))
    assert moves(connection, 7) == []


def test_the_largest_move_comes_first(readings, connection):
    readings("ash", *daily(2, 2, 2, 2, 2, 2, 2, 3))
    readings("elm", *daily(2, 2, 2, 2, 2, 2, 2, 1))
    assert [provider for provider, *_ in moves(connection, 7)] == ["elm", "ash"]


def test_a_size_or_region_that_came_or_went_is_no_move(readings, connection):
    readings("ash", *daily(*[4] * 8))
    readings("ash", (24 * 6, 2), (24 * 7, 2), gpu_count=8)
    readings("elm", *daily(*[4] * 8))
    readings("elm", *daily(*[2] * 5), region="us")
    assert moves(connection, 7) == []


def test_sources_come_with_their_attribution(readings, connection):
    assert db.rows(connection, "reference_sources", ReferenceSourceRow) == [
        ReferenceSourceRow("readers", "Readers", "https://r.example/", "MIT", "By readers")
    ]
