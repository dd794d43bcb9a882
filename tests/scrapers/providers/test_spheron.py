from decimal import Decimal

from scrapers.providers import spheron
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(spheron)
    assert (offers["H100 80 GB"].price, offers["H100 80 GB"].price_spot) == (Decimal("2.64"), Decimal("2.07"))
    assert offers["RTX 5090 32 GB"].price == Decimal("0.86")
    assert offers["L40S 48 GB"].price_spot == Decimal("1.07")


def test_a_gpu_may_have_a_spot_price_only() -> None:
    b300 = recorded_offers(spheron)["B300 262 GB"]
    assert (b300.price, b300.price_spot) == (None, Decimal("4.7"))


def test_a_card_takes_no_price_of_the_next_one() -> None:
    text = "GB300 Blackwell Ultra 288 GB Coming soon H100 Hopper 80 GB From $2.98 /hr Spot $2.10 /hr"
    offers = by_type(spheron.offers(text))
    assert [*offers] == ["H100 80 GB"]
    assert offers["H100 80 GB"].price == Decimal("2.98")


def test_a_price_far_away_is_not_the_cards() -> None:
    assert not by_type(spheron.offers("L40S Ada 48 GB " + "lorem " * 60 + "$9.99 /hr"))


def test_a_card_shown_twice_is_one_offer() -> None:
    assert len(by_type(spheron.offers("A100 Ampere 80 GB $1.43 /hr " * 2))) == 1
