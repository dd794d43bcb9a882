from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
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
