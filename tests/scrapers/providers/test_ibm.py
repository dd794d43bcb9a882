from decimal import Decimal

from scrapers.offer import Offer
from scrapers.providers import ibm
from tests.scrapers.providers.conftest import offers_of


def parsed(profile: str) -> list[Offer]:
    return list(ibm.offers([{"profile": profile, "region": "eu-de", "price": "2.746"}]))


def test_prices_are_those_of_the_list_by_region() -> None:
    prices = {offer.region: offer.price for offer in offers_of("ibm") if offer.instance_type == "gx2-8x64x1v100"}
    assert (prices["us-south"], prices["eu-de"], prices["au-syd"]) == (
        Decimal("2.497"),
        Decimal("2.746"),
        Decimal("2.996"),
    )


def test_the_profiles_name_tells_the_machine() -> None:
    [offer] = parsed("gx2-32x256x2v100")
    assert (offer.vcpu_count, offer.ram_gb, offer.gpu_count) == (32, 256, 2)
    assert (offer.gpu_name, offer.gpu_memory_gb, offer.price_unit) == ("v100", 16, "instance_hour")


def test_the_memory_of_other_series_is_not_guessed() -> None:
    [offer] = parsed("gx3d-160x1792x8h100")
    assert (offer.gpu_name, offer.gpu_count, offer.gpu_memory_gb) == ("h100", 8, None)


def test_another_name_is_an_unreadable_row_that_quotes_it() -> None:
    (row,) = ibm.offers.parse([{"profile": "bx2-4x16", "region": "us-south", "price": 1}]).unreadable
    assert "'bx2-4x16' is not a GPU profile" in row.reason


def test_nothing_is_fetched_from_a_provider_whose_rates_are_stated() -> None:
    assert ibm.PROVIDER.source_class == "stated"
