from decimal import Decimal

from scrapers.captures import recording
from scrapers.providers import beam
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_the_gpus_alone_by_the_second() -> None:
    offer = recorded_offers(beam)["RTX 4090 24 GB"]
    assert (offer.price, offer.price_unit, offer.price_basis) == (Decimal("0.000192"), "gpu_second", "gpu_only")


def test_memory_that_is_stated_twice_is_one() -> None:
    card = recorded_offers(beam)["H100 PCIE 80 GB"]
    assert (card.gpu_name, card.gpu_memory_gb, card.price) == ("H100 PCIE", 80, Decimal("0.000986"))


def test_processors_and_memory_are_left_out() -> None:
    page = "<p>CPU $0.0000528 /sec</p><p>RAM $0.0000056 /sec</p><p>T4 16 GB VRAM 16 GB $0.00015 /sec</p>"
    [row] = parsed(beam, page).offers
    assert row.gpu_name == "T4"


def test_figures_of_no_known_day_are_not_published() -> None:
    shipped = recording("beam")
    assert shipped is not None
    assert not shipped.is_dated
