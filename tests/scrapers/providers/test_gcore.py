from decimal import Decimal

from scrapers.providers import gcore
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_recording() -> None:
    offers = recorded_offers(gcore)
    assert offers["H100"].price == Decimal("3.2")
    assert (offers["L40S"].price, offers["L40S"].price_unit) == (Decimal("1.56"), "gpu_hour")


def test_a_page_in_euros_is_refused() -> None:
    [row] = parsed(gcore, "<p>H100</p><b>€3.10 per GPU/hour</b>").unreadable
    assert row.reason == "'H100': '€3.10' is not a price in USD"
