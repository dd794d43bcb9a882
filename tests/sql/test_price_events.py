"""Price changes of our own observation: which count, and with what they come."""

from datetime import timedelta
from decimal import Decimal

import pytest

from generator.catalogue.list_rows import PriceEventRow, WatchedSinceRow
from generator.database import db
from generator.ingest import store
from tests.sql.samples import add_provider, after, offer, run

pytestmark = pytest.mark.postgres


def seen(connection, *readings, **changes):
    """Store readings: hours after the start, and offers or the price of one."""
    for hours, what in readings:
        offers = what if isinstance(what, list) else [offer(price=what)]
        address = f"https://nimbus.example/{hours}"
        store.store(connection, run(hours, offers, request_url=address, **changes))


def events(connection, hours=72, gpus=None):
    return db.rows(connection, "price_events", PriceEventRow, as_of=after(hours), gpus=gpus, providers=None)


def changes(connection, hours=72):
    return [(row.old_price, row.new_price) for row in events(connection, hours)]


def test_a_change_comes_with_both_prices_their_times_and_where_they_were_read(catalogue):
    seen(catalogue, (0, 4), (1, 4), (2, 3), (30, 3))
    assert events(catalogue) == [
        PriceEventRow(
            "h100-sxm", "nimbus", "a", [""], "on_demand", 1, "USD", Decimal(4), Decimal(3), after(0), after(2),
            "https://nimbus.example/0", "https://nimbus.example/2",
        )
    ]  # fmt: skip
    assert len(events(catalogue, gpus=["h100-sxm"])) == 1
    assert events(catalogue, gpus=["a100"]) == []


def test_less_than_three_percent_is_no_change(catalogue):
    less, least = Decimal("97.01"), Decimal("94.09")
    seen(catalogue, (0, 100), (1, less), (30, less), (31, least), (60, least))
    assert changes(catalogue, 96) == [(less, least)]


@pytest.mark.parametrize(("again", "found"), [([], 0), ([(2.5, 3)], 0), ([(3.5, 3)], 0), ([(26, 3)], 1)])
def test_a_price_that_stands_counts_once_it_is_seen_again_on_a_later_day(catalogue, again, found):
    seen(catalogue, (0, 4), (2, 3), *again)
    assert len(changes(catalogue)) == found


@pytest.mark.parametrize(("until", "found"), [(2.5, 0), (3, 1)])
def test_a_price_that_is_over_counts_if_it_was_seen_for_an_hour(catalogue, until, found):
    seen(catalogue, (0, 4), (2, 3), (until, 3), (until + 0.1, Decimal("3.01")))
    assert ((4, 3) in changes(catalogue)) == bool(found)


def test_a_change_of_today_is_not_listed_yet(catalogue):
    seen(catalogue, (0, 4), (2, 3), (26, 3))
    assert [len(events(catalogue, hours)) for hours in (23, 24)] == [0, 1]


def test_a_status_in_between_ends_no_price(catalogue):
    sold_out = [offer(price=3, availability_status="sold_out")]
    seen(catalogue, (0, 4), (2, 3), (2.5, sold_out), (26, 3))
    (row,) = events(catalogue)
    assert (row.old_price, row.new_price, row.changed_at) == (4, 3, after(2))


def test_after_a_time_in_which_an_offer_was_not_seen_nobody_knows_when_it_changed(catalogue):
    seen(catalogue, (0, [offer("a", 4), offer("b", 4)]), (2, [offer("b", 4)]), (4, [offer("a", 3), offer("b", 4)]))
    seen(catalogue, (30, [offer("a", 3), offer("b", 4)]))
    assert changes(catalogue) == []


def test_what_regions_change_alike_is_one_change_of_each_pricing_type(catalogue):
    def both(price, spot):
        return [offer(price=price, price_per_hour_spot=Decimal(spot), region=region) for region in ("us", "eu")]

    seen(catalogue, (0, both(4, 2)), (2, both(3, 1)), (30, both(3, 1)))
    assert [(row.pricing_type, row.regions) for row in events(catalogue)] == [
        ("on_demand", ["eu", "us"]), ("spot", ["eu", "us"]),
    ]  # fmt: skip


def test_a_new_exchange_rate_is_no_change(catalogue):
    def euros(price, rate):
        return [offer(price=price, currency="EUR", exchange_rate=Decimal(rate))]

    seen(catalogue, (0, euros(4, "1")), (2, euros(4, "1.2")), (26, euros(3, "1.2")), (50, euros(3, "1.1")))
    assert [(row.currency, row.old_price, row.new_price) for row in events(catalogue)] == [("EUR", 4, 3)]


@pytest.mark.parametrize("kind", ["marketplace", "depin", "bare_metal"])
def test_marketplaces_are_left_out(catalogue, kind):
    add_provider(catalogue, "elm", provider_type=kind)
    seen(catalogue, (0, 4), (2, 3), (30, 3), provider="elm")
    assert len(events(catalogue)) == (kind == "bare_metal")


def test_recorded_answers_and_bare_gpus_have_no_changes(catalogue):
    for hours, price in ((0, 4), (2, 3), (30, 3)):
        seen(catalogue, (hours, [offer(price=price, price_basis="gpu_only")]))
    add_provider(catalogue, "elm")
    seen(catalogue, (0, 4), (2, 3), (30, 3), provider="elm", is_recorded=True)
    assert changes(catalogue) == []


def test_the_first_live_reading_tells_since_when_prices_are_watched(catalogue):
    def since():
        return db.rows(catalogue, "watched_since", WatchedSinceRow, as_of=after(72))

    seen(catalogue, (0, 4), is_recorded=True)
    assert since() == []
    seen(catalogue, (25, 4), (50, 4))
    assert since() == [WatchedSinceRow((after(0) + timedelta(1)).date())]
