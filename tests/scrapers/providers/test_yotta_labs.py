from decimal import Decimal

from scrapers.providers import yotta_labs
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(yotta_labs)
    assert offers["RTX 5090"].price == Decimal("0.7")
    assert offers["H100"].price == Decimal("2.56")
    assert offers["H200"].price_unit == "gpu_hour"


def test_storage_is_left_out() -> None:
    page = "<p>Pricing per hour</p><p>A100 PCIe 80G</p><b>$0.92</b><p>Disk $0.001 / GB / hour</p>"
    [row] = parsed(yotta_labs, page).offers
    assert (row.gpu_name, row.gpu_memory_gb, row.price) == ("A100 PCIe", 80, Decimal("0.92"))
