from decimal import Decimal

from scrapers.offer import Offer
from scrapers.providers import exoscale
from tests.scrapers.providers.replayed import by_type, recorded_offers


def parsed(**eur: str) -> dict[str, Offer]:
    return by_type(exoscale.offers({"chf": {"running_gpu3_small": "9.9"}, "eur": eur}))


def test_prices_are_those_of_the_list() -> None:
    offers = recorded_offers(exoscale)
    assert (offers["gpu3.small"].price, offers["gpu3.small"].gpu_name) == (Decimal("1.0453"), "A40")
    assert (offers["gpua30.small"].price, offers["gpua30.small"].currency) == (Decimal("1.22645833"), "EUR")


def test_only_the_size_with_one_gpu_is_read() -> None:
    keys = ("running_gpu3_small", "running_gpu3_huge", "running_extra_large", "running_small", "volume")
    assert list(parsed(**dict.fromkeys(keys, "1.5"))) == ["gpu3.small"]


def test_a_family_is_spelled_in_two_ways() -> None:
    assert parsed(running_gpu_a5000_small="0.7")["gpua5000.small"].gpu_name == "RTX A5000"
    assert parsed(running_gpua5000_small="0.7")["gpua5000.small"].gpu_name == "RTX A5000"


def test_a_new_family_keeps_its_own_name_as_the_gpu() -> None:
    assert parsed(running_gpub300_small="6")["gpub300.small"].gpu_name == "gpub300"
