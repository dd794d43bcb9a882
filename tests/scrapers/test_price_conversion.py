from datetime import date
from decimal import ROUND_HALF_UP
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.scrapers.test_normalise import D, all_of, amounts, offer, one


@pytest.mark.parametrize(
    ("unit", "price", "hour"),
    [
        ("instance_hour", "19.92", "19.9200"),
        ("instance_minute", "0.332", "19.9200"),
        ("instance_second", "0.0055333", "19.9199"),
        ("gpu_hour", "2.49", "19.9200"),
        ("gpu_minute", "0.0415", "19.9200"),
        ("gpu_second", "0.00069167", "19.9201"),
    ],
)
def test_every_unit_becomes_an_instance_hour(unit: str, price: str, hour: str) -> None:
    found = one(price_unit=unit, price=price, price_1y=price, price_3y=price)
    assert {found.price_per_hour, one(price_unit=unit, price=None, price_spot=price).price_per_hour_spot} == {D(hour)}
    assert {found.price_per_hour_reserved_1y, found.price_per_hour_reserved_3y} == {D(hour)}


def test_month_stays_a_month_of_the_instance() -> None:
    assert one(price_unit="gpu_hour", price=None, price_month="14540.165").price_per_month == D("14540.17")


def test_share_of_a_gpu_costs_its_share_of_a_gpu_hour() -> None:
    found = one(gpu_count=1, gpu_share="0.25", price_unit="gpu_hour", price="2.00")
    assert (found.price_per_hour, found.gpu_share, found.gpu_count) == (D("0.5000"), D("0.25"), 1)


def test_euros_keep_what_was_charged_and_the_rate_of_the_day() -> None:
    found = one(currency="EUR", price="2.1234567")
    assert (found.price_per_hour, found.original_price_per_hour) == (D("2.6543"), D("2.123457"))
    assert (found.currency, found.exchange_rate, found.exchange_rate_date) == ("EUR", D("1.25"), date(2026, 8, 20))


def test_dollars_need_no_rate() -> None:
    found = one()
    assert (found.exchange_rate, found.exchange_rate_date) == (1, None)
    assert found.original_price_per_hour == found.price_per_hour


def test_halves_round_up() -> None:
    assert one(price="0.00005", gpu_count=1).price_per_hour == D("0.0001")
    assert one(price="1.00005", gpu_count=1).price_per_hour == D("1.0001")


@pytest.mark.parametrize(
    ("price", "rule"), [("0.00004", "rounds_to_zero"), ("0.0000000001", "rounds_to_zero"), ("1000000", "too_large")]
)
def test_a_price_that_the_database_can_not_store_is_held_back(price: str, rule: str) -> None:
    found = all_of(offer(price=price))
    assert not found.offers
    assert (found.held[0].rule, found.held[0].instance_type) == (rule, "h100x8")
    assert "price_per_hour" in found.held[0].detail


@given(
    price=amounts,
    unit=st.sampled_from(["instance_hour", "instance_minute", "instance_second", "gpu_hour", "gpu_minute"]),
    count=st.integers(1, 16),
    currency=st.sampled_from(["USD", "EUR", "INR"]),
)
def test_stored_price_is_never_zero_or_negative_and_leads_back(price: D, unit: Any, count: int, currency: str) -> None:
    found = all_of(offer(price=price, price_unit=unit, gpu_count=count, currency=currency))
    assume(found.offers)
    stored = found.offers[0]
    assert stored.price_per_hour is not None
    assert stored.price_per_hour > 0
    hours = {"hour": 1, "minute": 60, "second": 3600}[unit.partition("_")[2]]
    exact = price * hours * (count if unit.startswith("gpu") else 1) * stored.exchange_rate
    assert abs(stored.price_per_hour - exact) <= D("0.00005") + exact * D("1e-20")
    assert stored.price_per_hour == stored.price_per_hour.quantize(D("0.0001"), ROUND_HALF_UP)


def test_a_price_that_can_not_be_stored_leaves_the_others() -> None:
    found = all_of(offer(price_spot="0.00001"))
    assert (found.offers[0].price_per_hour, found.offers[0].price_per_hour_spot) == (D("19.9200"), None)
    assert [(odd.rule, odd.columns) for odd in found.odd_prices] == [("rounds_to_zero", ("price_per_hour_spot",))]


def test_availability_unstated_is_available_and_says_so() -> None:
    assert (one().availability_status, one().availability_stated) == ("available", False)
    assert one(availability="sold_out").availability_stated


def test_price_on_request_has_no_price() -> None:
    found = one(price=None, availability="contact_sales")
    assert found.price_per_hour is None


def test_sizes_are_rounded_to_what_is_stored() -> None:
    found = one(ram_gb="1843.199", network_bandwidth_gbps="0.001")
    assert (found.ram_gb, found.network_bandwidth_gbps) == (D("1843.20"), None)
