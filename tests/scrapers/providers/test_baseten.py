from decimal import Decimal

import pytest

from scrapers.providers import baseten
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_per_minute_make_those_per_hour() -> None:
    offers = recorded_offers(baseten)
    assert offers["T4 16 GB"].price * 60 == Decimal("0.6312")
    assert offers["L4 24 GB"].price * 60 == Decimal("0.8484")
    assert round(offers["H100 80 GB"].price * 60, 2) == Decimal("6.5")


def test_a_price_is_an_instances_with_the_platform() -> None:
    offer = recorded_offers(baseten)["B200 180 GB"]
    assert (offer.price_unit, offer.price_basis) == ("instance_minute", "bundle")


def test_a_page_in_another_unit_is_an_error() -> None:
    page = "<p>Price per hour</p><p>H100 80 GiB VRAM</p><b>$6.50</b>"
    with pytest.raises(ValueError, match="no GPU with a price in USD per minute"):
        parsed(baseten, page)


def test_instances_without_a_gpu_and_models_are_left_out() -> None:
    page = "<p>per minute</p><p>1x2: 1 vCPU, 2 GiB RAM $0.00058</p><p>DeepSeek $0.77 / 1M tokens</p><p>L4 $0.01414</p>"
    [row] = parsed(baseten, page).offers
    assert row.gpu_name == "L4"
