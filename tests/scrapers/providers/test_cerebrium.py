from decimal import Decimal

from scrapers.providers import cerebrium
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_per_second_make_those_per_hour() -> None:
    offers = recorded_offers(cerebrium)
    assert offers["H100"].price * 3600 == Decimal("3.3984")
    assert offers["A100 40 GB"].price * 3600 == Decimal("1.998")
    assert offers["B200"].price * 3600 == Decimal("6.012")


def test_a_price_is_the_gpus_alone() -> None:
    offer = recorded_offers(cerebrium)["T4"]
    assert (offer.price_unit, offer.price_basis) == ("gpu_second", "gpu_only")


def test_processors_and_memory_are_left_out() -> None:
    page = "<p>CPU $0.00000655 per second</p><p>Memory $0.00000222 per second</p><p>L40s</p><p>L40S $.000542/s</p>"
    [row] = parsed(cerebrium, page).offers
    assert (row.gpu_name, row.price) == ("L40S", Decimal("0.000542"))
