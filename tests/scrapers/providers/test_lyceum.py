from decimal import Decimal

from scrapers.providers import lyceum
from tests.scrapers.providers.replayed import recorded_offers


def test_prices_are_those_of_the_recording() -> None:
    offers = recorded_offers(lyceum)
    assert offers["1x B200"].price == Decimal("4.29")
    assert (offers["1x H200"].price, offers["1x H200"].price_unit) == (Decimal("3.19"), "gpu_hour")


def test_the_provider_is_not_fetched() -> None:
    assert lyceum.PROVIDER.source_class == "stated"
