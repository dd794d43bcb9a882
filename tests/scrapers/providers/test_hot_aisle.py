from decimal import Decimal

from scrapers.providers import hot_aisle
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    small = recorded_offers(hot_aisle)["VM Small 1x MI300x"]
    assert (small.gpu_name, small.price, small.price_unit) == ("MI300X", Decimal("2.99"), "gpu_hour")


def test_one_card_may_offer_two_sizes() -> None:
    offers = recorded_offers(hot_aisle)
    assert offers["VM Medium 2x MI300x"].gpu_count == 2
    assert offers["VM Medium 4x MI300x"].gpu_count == 4


def test_bare_metal_is_rented_by_the_month() -> None:
    card = (
        "<p>Bare metal</p><h2>Large</h2><span>8x</span><span>MI300x</span><p>$3.39/GPU/hr<span> one-month minimum</p>"
    )
    offer = by_type(hot_aisle.offers(decoded(hot_aisle.SOURCE, card)))["Bare metal Large 8x MI300x"]
    assert (offer.price, offer.price_month) == (None, Decimal("3.39") * 8 * 730)
    assert offer.min_rental_hours == 730


def test_prices_outside_the_cards_are_left_out() -> None:
    text = "Virtual machines $2.99/GPU/hr. Grandfathered at $1.99/GPU/hr. 8x bare metal $3.39/GPU/hr"
    assert not by_type(hot_aisle.offers(text))
