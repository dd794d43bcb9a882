from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scrapers.normalise import GpuNames, Normalised, NormalisedOffer, Rates, UnknownCurrency, normalise
from scrapers.offer import Offer, Provider

D = Decimal
DAY = date(2026, 8, 22)
NAMES = GpuNames([("h100 sxm", None, "h100-sxm", "variant"), ("l40s", None, "l40s", "variant")])
RATES = Rates([("EUR", date(2026, 8, 20), D("1.25")), ("EUR", date(2026, 8, 24), D(2)), ("INR", DAY, D("0.0119"))])

NIMBUS = Provider("nimbus", "Nimbus", "https://nimbus.example/pricing")
MARKET = replace(NIMBUS, source_class="marketplace_api")

amounts = st.decimals(min_value="0.000001", max_value="99999", allow_nan=False, allow_infinity=False)
fitting = st.decimals(min_value="0.0001", max_value="99999", allow_nan=False, allow_infinity=False)


def offer(**fields: Any) -> Offer:
    stated = {"instance_type": "h100x8", "gpu_name": "H100 SXM", "gpu_count": 8, "price": "19.92", "currency": "USD"}
    return Offer(**(stated | {"price_unit": "instance_hour"} | fields))


def all_of(*offers: Offer) -> Normalised:
    return normalise(offers, NAMES, RATES, DAY, NIMBUS)


def listed(*offers: Offer) -> Normalised:
    return normalise(offers, NAMES, RATES, DAY, MARKET)


def one(**fields: Any) -> NormalisedOffer:
    (found,) = all_of(offer(**fields)).offers
    return found


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


@pytest.mark.parametrize(("currency", "on"), [("XYZ", DAY), ("EUR", date(2026, 8, 19))])
def test_currency_without_a_rate_is_named(currency: str, on: date) -> None:
    with pytest.raises(UnknownCurrency) as caught:
        normalise([offer(currency=currency)], NAMES, RATES, on, NIMBUS)
    assert caught.value.message == f'nimbus: "h100x8": no exchange rate for "{currency}" on or before {on}'
    assert caught.value.error_code == "unknown_currency"


def test_one_row_in_a_currency_without_a_rate_is_held_back_by_itself() -> None:
    found = all_of(offer(), offer(instance_type="odd", currency="XYZ"))
    assert [one.instance_type for one in found.offers] == ["h100x8"]
    assert [one.detail for one in found.held] == [f'"odd": no exchange rate for "XYZ" on or before {DAY}']


@pytest.mark.parametrize("is_last", [True, False])
def test_rows_of_one_offer_are_joined_as_far_as_they_are_for_rent(is_last: bool) -> None:
    rows = [offer(availability="available"), offer(price=None, price_spot="1", availability="sold_out")]
    [found] = all_of(*(rows if is_last else rows[::-1])).offers
    assert (found.availability_status, found.price_per_hour_spot) == ("available", None)


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


@given(st.lists(fitting, min_size=1, max_size=6))
def test_listings_of_equal_keys_keep_the_cheapest_and_how_many(prices: list[D]) -> None:
    found = listed(*(offer(price=price) for price in prices))
    (kept,) = found.offers
    assert (kept.offers_merged, found.merged) == (len(prices), len(prices) - 1)
    assert kept.price_per_hour == one(price=min(prices)).price_per_hour


def test_a_rented_listing_does_not_replace_one_for_rent() -> None:
    found = listed(offer(price="1", availability="sold_out"), offer(price="9", availability="available"))
    assert [(one.price_per_hour, one.availability_status) for one in found.offers] == [(9, "available")]


def test_rows_of_equal_keys_make_one_offer_of_their_prices_in_any_order() -> None:
    rows = [offer(price="9"), offer(price=None, price_spot="3", vcpu_count=8), offer(price=None, price_1y="5")]
    for order in permutations(rows):
        (found,) = (all_found := all_of(*order)).offers
        assert (found.price_per_hour, found.price_per_hour_spot, found.price_per_hour_reserved_1y) == (9, 3, 5)
        assert (found.vcpu_count, found.offers_merged, all_found.joined) == (8, 1, 2)


def test_a_repeated_row_is_one_offer() -> None:
    found = all_of(offer(), offer())
    assert (len(found.offers), found.joined, found.held) == (1, 1, [])


def test_two_prices_of_one_key_are_both_held_back() -> None:
    found = all_of(offer(price="9"), offer(price="8"), offer(region="eu"))
    assert [one.region for one in found.offers] == ["eu"]
    assert [held.detail for held in found.held] == [
        '"h100x8" in "" has different values of price_per_hour: 8 and 9'
    ] * 2


def test_a_price_that_can_not_be_stored_leaves_the_others() -> None:
    found = all_of(offer(price_spot="0.00001"))
    assert (found.offers[0].price_per_hour, found.offers[0].price_per_hour_spot) == (D("19.9200"), None)
    assert [(odd.rule, odd.columns) for odd in found.odd_prices] == [("rounds_to_zero", ("price_per_hour_spot",))]


def test_regions_are_offers_of_their_own() -> None:
    assert len(all_of(offer(region="eu"), offer(region="us"), offer()).offers) == 3


def test_order_of_the_answer_does_not_decide_between_equals() -> None:
    offers = [offer(instance_url=f"https://nimbus.example/{name}") for name in "bca"]
    assert all_of(*offers).offers == all_of(*reversed(offers)).offers


def test_one_key_for_two_gpus_is_held_back() -> None:
    found = all_of(offer(), offer(gpu_name="L40S"))
    assert not found.offers
    assert [held.rule for held in found.held] == ["equal_keys", "equal_keys"]


def test_unknown_names_are_listed_with_their_number() -> None:
    found = all_of(offer(), offer(gpu_name="H100 NVL2", instance_type="a"), offer(gpu_name="H100 NVL2"))
    (name,) = found.unmapped
    assert (name.gpu_name, name.offers, name.example_instance_type) == ("H100 NVL2", 2, "a")
    assert "h100nvl2" in name.rule
    assert len(found.offers) == 1


def test_nothing_is_lost_between_answer_and_store() -> None:
    offers = [offer(), offer(), offer(gpu_name="?"), offer(price="0.00001", region="x"), offer(region="eu")]
    assert all_of(*offers).found == len(offers)


def test_availability_unstated_is_available_and_says_so() -> None:
    assert (one().availability_status, one().availability_stated) == ("available", False)
    assert one(availability="sold_out").availability_stated


def test_price_on_request_has_no_price() -> None:
    found = one(price=None, availability="contact_sales")
    assert found.price_per_hour is None


def test_sizes_are_rounded_to_what_is_stored() -> None:
    found = one(ram_gb="1843.199", network_bandwidth_gbps="0.001")
    assert (found.ram_gb, found.network_bandwidth_gbps) == (D("1843.20"), None)


AWS = Provider("aws", "Amazon Web Services", "https://aws.example/pricing")


def in_regions(*regions: str, provider: Provider = AWS) -> Normalised:
    prices = [{"price": "9"}, {"price": None, "price_spot": "3"}]
    rows = [offer(region=region, **price) for region, price in zip(regions, prices, strict=False)]
    return normalise(rows, NAMES, RATES, DAY, provider)


def test_a_regions_old_name_is_the_region() -> None:
    (found,) = in_regions("us-east-1", "us-east").offers
    assert (found.region, found.price_per_hour, found.price_per_hour_spot) == ("us-east-1", 9, 3)


def test_a_region_that_does_not_exist_is_held_back_by_name() -> None:
    found = in_regions("us-east-1", "us-middle-9")
    assert [one.region for one in found.offers] == ["us-east-1"]
    assert [(held.rule, held.region) for held in found.held] == [("unknown_region", "us-middle-9")]
    assert '"us-middle-9", which is neither a region of Amazon Web Services' in found.held[0].detail


def test_a_region_of_a_provider_without_a_complete_list_is_stored_as_it_is() -> None:
    assert [one.region for one in in_regions("nowhere-1", provider=NIMBUS).offers] == ["nowhere-1"]
