from decimal import Decimal

from scrapers.providers import theta_edgecloud
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_recording() -> None:
    offers = recorded_offers(theta_edgecloud)
    assert offers["A100 80 GB"].price == Decimal("1.99")
    assert offers["H200"].price == Decimal("2.29")


def test_prices_in_the_networks_own_coin_are_left_out() -> None:
    page = "<p>Price per hour</p><p>RTX 3090 12.5 TFUEL</p><p>RTX 4090 $0.45</p>"
    [row] = parsed(theta_edgecloud, page).offers
    assert (row.gpu_name, row.price) == ("RTX 4090", Decimal("0.45"))
