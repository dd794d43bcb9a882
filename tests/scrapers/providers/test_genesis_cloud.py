from decimal import Decimal

from scrapers.providers import genesis_cloud
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(genesis_cloud)
    assert offers["RTX 3080 10 GB"].price == Decimal("0.08")
    assert offers["RTX 3090 24 GB"].price == Decimal("0.2")
    assert offers["RTX 4090 24 GB"].price == Decimal("0.55")


def test_the_unit_may_stand_beside_the_price_too() -> None:
    text = "<p>NVIDIA HGX H100 80 GB</p><p>starting at $1.60 per GPU/h</p>"
    [card] = parsed(genesis_cloud, text).offers
    assert (card.gpu_name, card.price) == ("NVIDIA HGX H100", Decimal("1.60"))
