from decimal import Decimal

from scrapers.providers import jarvislabs
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(jarvislabs)
    assert offers["H100 SXM 80 GB"].price == Decimal("2.69")
    assert offers["A100 80 GB"].price == Decimal("1.49")
    assert offers["A100 40 GB"].price == Decimal("0.89")
    assert offers["RTX PRO 6000 96 GB"].price_unit == "gpu_hour"


def test_cards_are_told_from_the_words_around_them() -> None:
    text = "Deploy A30 Ampere · 24 GB $0.41 /hr Most popular RTX 6000 Ada Ada Lovelace · 48 GB $0.99 Deploy"
    offers = by_type(jarvislabs.offers(text))
    assert {name: offer.price for name, offer in offers.items()} == {
        "A30 24 GB": Decimal("0.41"),
        "RTX 6000 Ada 48 GB": Decimal("0.99"),
    }


def test_a_card_shown_twice_is_one_offer() -> None:
    card = "L4 Ada · 24 GB $0.44 "
    assert [*by_type(jarvislabs.offers(card * 2))] == ["L4 24 GB"]


def test_scripts_are_not_read() -> None:
    body = '<script>"H100 SXM Hopper · 80 GB $9.99"</script><p>L4 <b>Ada</b> · 24 GB</p><p>$0.44</p>'
    assert [*by_type(jarvislabs.offers(decoded(jarvislabs.SOURCE, body)))] == ["L4 24 GB"]
