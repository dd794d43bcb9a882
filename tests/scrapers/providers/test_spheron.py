from decimal import Decimal

from scrapers.offer import Offer
from scrapers.providers import spheron
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def parsed(*prices: str) -> dict[str, Offer]:
    row = (
        '<button class="gpu-price-row"><h3>H{}00</h3><p class="gpu-price-vram">80 GB</p><p>1,024 GB RAM</p>{}</button>'
    )
    body = "".join(row.format(number, price) for number, price in enumerate(prices, 1))
    return by_type(spheron.offers(decoded(spheron.SOURCE, body)))


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(spheron)
    assert (offers["H100 80 GB"].price, offers["H100 80 GB"].price_spot) == (Decimal("2.64"), Decimal("2.07"))
    assert offers["RTX 5090 32 GB"].price == Decimal("0.86")
    assert offers["L40S 48 GB"].price_spot == Decimal("1.07")


def test_a_gpu_may_have_a_spot_price_only() -> None:
    b300 = recorded_offers(spheron)["B300 262 GB"]
    assert (b300.price, b300.price_spot) == (None, Decimal("4.7"))


def test_the_spot_price_may_stand_beside_the_other() -> None:
    offer = parsed("<p>From <b>$2.98</b>/hr</p><p>Spot $2.10 /hr</p>")["H100 80 GB"]
    assert (offer.price, offer.price_spot) == (Decimal("2.98"), Decimal("2.1"))


def test_the_spot_price_may_stand_in_the_title_of_a_badge() -> None:
    offer = parsed('<span>$2.98</span>/hr <span title="Spot: $2.10/hr, 30% below on-demand">-30%</span>')["H100 80 GB"]
    assert (offer.price, offer.price_spot) == (Decimal("2.98"), Decimal("2.1"))


def test_a_gpu_to_come_is_left_out() -> None:
    assert [*parsed("Reserve", "$2.98 /hr")] == ["H200 80 GB"]
