from decimal import Decimal

from scrapers.providers import gmi_cloud
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_cards() -> None:
    offers = recorded_offers(gmi_cloud)
    assert offers["NVIDIA GB200"].price == 8
    assert offers["NVIDIA H100"].price == 2
    assert offers["NVIDIA B200"].price == 4


def test_prices_are_per_gpu() -> None:
    h200 = recorded_offers(gmi_cloud)["NVIDIA H200"]
    assert (h200.price, h200.price_unit, h200.gpu_count) == (Decimal("2.6"), "gpu_hour", 1)


def test_a_gpu_to_order_in_advance_is_left_out() -> None:
    assert "NVIDIA GB300" not in recorded_offers(gmi_cloud)


def test_a_page_of_euros_is_an_error() -> None:
    page = "<h3>NVIDIA H100 GPU</h3><span>from €2.00</span><span>/GPU-hour</span>"
    [row] = parsed(gmi_cloud, page).unreadable
    assert row.reason == "'NVIDIA H100': '€2.00' is not a price in USD"
