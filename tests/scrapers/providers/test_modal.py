from decimal import Decimal

from scrapers.providers import modal
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_per_second_make_those_per_hour() -> None:
    offers = recorded_offers(modal)
    assert offers["Nvidia H100 SXM5"].price * 3600 == Decimal("3.9492")
    assert offers["Nvidia A100, 40 GB"].price * 3600 == Decimal("2.0988")
    assert offers["Nvidia T4"].price * 3600 == Decimal("0.5904")


def test_a_price_is_the_gpus_alone() -> None:
    offer = recorded_offers(modal)["Nvidia B200"]
    assert (offer.price_unit, offer.price_basis) == ("gpu_second", "gpu_only")


def test_memory_follows_a_comma() -> None:
    offers = recorded_offers(modal)
    assert offers["Nvidia A100, 80 GB"].gpu_name == "Nvidia A100"
    assert offers["Nvidia A100, 80 GB"].gpu_memory_gb == 80


def test_processors_and_memory_are_left_out() -> None:
    text = "Physical core $0.0000131 / core / sec Memory $0.00000222 / GiB / sec Nvidia L4 $.000222/sec"
    assert [*by_type(modal.offers(text))] == ["Nvidia L4"]


def test_a_gpu_shown_twice_is_two_rows() -> None:
    offers = modal.offers("Nvidia T4 $0.000164 / sec Nvidia T4 $0.000200 / sec")
    assert [offer.price for offer in offers] == [Decimal("0.000164"), Decimal("0.000200")]
