from decimal import Decimal

from scrapers.providers import jarvislabs
from scrapers.row_parser import LeftOut
from tests.scrapers.providers.replayed import by_type, decoded, parsed, recorded_offers


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


def test_each_card_is_a_row() -> None:
    text = "L4 Ada · 24 GB $0.44 L4 Ada · 24 GB $0.54 A30 Ampere · 24 GB Sold out"
    parsed = jarvislabs.offers.parse(text)
    assert [offer.price for offer in parsed.offers] == [Decimal("0.44"), Decimal("0.54")]
    assert parsed.left_out == [LeftOut("no_price", "A30 24 GB")]


def test_struck_out_prices_are_not_read() -> None:
    [offer] = parsed(jarvislabs, "<h3>L4</h3><p>Ada · 24 GB</p><p><del>$0.55</del> $0.44</p>").offers
    assert offer.price == Decimal("0.44")


def test_cents_may_be_raised() -> None:
    page = "<h3>L4</h3><p>Ada · 24 GB</p><p>$0<sup>44</sup></p><h3>A30</h3><p>Ampere · 24 GB</p><p>$0<!-- -->.41</p>"
    assert [offer.price for offer in parsed(jarvislabs, page).offers] == [Decimal("0.44"), Decimal("0.41")]


def test_of_two_prices_the_new_one_is_known_by_a_word_only() -> None:
    rows = parsed(jarvislabs, "<p>L4 Ada · 24 GB was $0.55 now $0.44</p><p>A30 Ampere · 24 GB $0.55 $0.41</p>")
    assert [offer.price for offer in rows.offers] == [Decimal("0.44")]
    assert [row.reason for row in rows.unreadable] == [
        "'A30 24 GB': two prices, '$0.55' and '$0.41'; no word says which holds"
    ]


def test_scripts_are_not_read() -> None:
    body = '<script>"H100 SXM Hopper · 80 GB $9.99"</script><p>L4 <b>Ada</b> · 24 GB</p><p>$0.44</p>'
    assert [*by_type(jarvislabs.offers(decoded(jarvislabs.SOURCE, body)))] == ["L4 24 GB"]
