from decimal import Decimal

import pytest

from scrapers.captures import recording
from scrapers.providers import denvr
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_per_gpu_of_a_machine_whose_size_the_row_states() -> None:
    offer = recorded_offers(denvr)["NVIDIA H100 SXM 80 GB"]
    assert (offer.price, offer.price_unit, offer.gpu_memory_gb) == (Decimal("2.45"), "gpu_hour", 80)
    assert (offer.gpu_count, offer.size_stated) == (8, True)


def test_a_gpu_by_reservation_only_is_left_out() -> None:
    assert [*recorded_offers(denvr)] == ["NVIDIA H100 SXM 80 GB"]


def test_the_machines_own_size_may_stand_before_the_price() -> None:
    page = "<th>Hourly</th><td>NVIDIA A100 PCIe</td><td>8</td><td>40 GB</td><td>1 TB RAM</td><td>$1.15 / GPU</td>"
    [offer] = parsed(denvr, f"<table><tr>{page}</tr></table>").offers
    assert (offer.gpu_count, offer.gpu_memory_gb, offer.price) == (8, 40, Decimal("1.15"))


def test_a_page_without_the_hour_is_an_error() -> None:
    with pytest.raises(ValueError, match="no price per hour, but 'NVIDIA H100"):
        parsed(denvr, "<p>NVIDIA H100 8 80 GB $1,700 / month</p>")


def test_figures_of_no_known_day_are_not_published() -> None:
    shipped = recording("denvr")
    assert shipped is not None
    assert not shipped.is_dated
