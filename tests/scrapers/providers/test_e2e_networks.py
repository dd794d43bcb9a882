import json
from typing import Any

import pytest

from scrapers.providers import e2e_networks
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def page(**changed: Any):
    offer = {
        "name": "NVIDIA L4 GPU Cloud Instance",
        "category": "GPU Cloud Instance",
        "url": "https://www.e2enetworks.com/gpus/nvidia-l4",
        "priceCurrency": "INR",
        "price": 49,
        "priceSpecification": {"price": 49, "priceCurrency": "INR", "unitText": "per hour"},
        "itemOffered": {"description": "24 GB VRAM"},
    }
    listed = json.dumps({"@type": "OfferCatalog", "itemListElement": [offer | changed]})
    return decoded(e2e_networks.SOURCE, f'<p>Prices</p><script type="application/ld+json">{listed}</script>')


def test_prices_are_rupees_per_gpu_hour() -> None:
    offers = recorded_offers(e2e_networks)
    assert (offers["nvidia-h200"].price, offers["nvidia-h200"].currency) == (436, "INR")
    assert (offers["nvidia-b200"].price, offers["nvidia-b200"].price_unit) == (671, "gpu_hour")


def test_two_offers_of_one_name_differ_in_memory() -> None:
    offers = recorded_offers(e2e_networks)
    large, small = offers["nvidia-a100-80gb"], offers["nvidia-a100-40gb"]
    assert large.gpu_name == small.gpu_name == "NVIDIA A100"
    assert (large.gpu_memory_gb, large.price) == (80, 189)
    assert (small.gpu_memory_gb, small.price) == (40, 179)


def test_machines_have_their_sizes() -> None:
    offer = recorded_offers(e2e_networks)["nvidia-l40s"]
    assert (offer.vcpu_count, offer.ram_gb, offer.availability) == (60, 220, "available")


def test_machines_without_a_gpu_are_left_out() -> None:
    assert len(recorded_offers(e2e_networks)) == 10
    with pytest.raises(ValueError, match="no offer of the category 'GPU Cloud Instance' among 1"):
        list(e2e_networks.offers(page(category="CPU Cloud Instance")))


def test_what_is_not_stated_is_not_known() -> None:
    offer = by_type(e2e_networks.offers(page()))["nvidia-l4"]
    assert (offer.price, offer.vcpu_count, offer.availability) == (49, None, None)


def test_a_price_by_the_month_is_an_error() -> None:
    [row] = e2e_networks.offers.parse(page(priceSpecification={"unitText": "per month"})).unreadable
    assert row.reason == "'nvidia-l4': priced 'per month', not 'per hour'"


def test_two_prices_for_one_offer_are_an_error() -> None:
    [row] = e2e_networks.offers.parse(page(price=94)).unreadable
    assert row.reason == "'nvidia-l4': two prices, 94 and 49"
