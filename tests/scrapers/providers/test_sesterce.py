from decimal import Decimal
from typing import Any

import pytest

from scrapers.providers import sesterce
from tests.scrapers.providers.replayed import by_type, recorded_offers


def rows(**changed: Any):
    offer = {
        "gpuName": "L40S",
        "gpuCount": 2,
        "hourlyPrice": Decimal("1.9"),
        "hourlySpotPrice": Decimal("0.8"),
        "configuration": {},
        "availability": [],
        "deploymentType": "vm",
        "cloud": {"name": "AZ_01"},
        "instanceId": "L40Sx2",
    }
    return {"1b": ["$", "$L2f", None, {"filteredOffers": [offer | changed]}]}


def test_prices_are_the_whole_machines() -> None:
    offer = recorded_offers(sesterce)["AZ_22 vm H200x8"]
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("28.16"), "instance_hour", 8)


def test_memory_is_one_gpus() -> None:
    assert recorded_offers(sesterce)["AZ_22 vm H200x8"].gpu_memory_gb == 141


def test_the_form_factor_is_part_of_the_gpus_name() -> None:
    offers = recorded_offers(sesterce)
    assert offers["AZ_02 baremetal H100"].gpu_name == "H100 pcie"
    assert offers["AZ_07 vm H100_sxm5"].gpu_name == "H100 sxm5"


def test_regions_are_those_where_it_is_free() -> None:
    offer = recorded_offers(sesterce)["AZ_07 vm H100_sxm5"]
    assert offer.available_regions == ("USA-Dallas-3", "us-southeast-1", "USA-Austin-1")
    assert offer.availability == "available"


def test_an_offer_free_nowhere_is_sold_out() -> None:
    offer = by_type(sesterce.offers(rows()))["AZ_01 vm L40Sx2"]
    assert (offer.availability, offer.price_spot, offer.gpu_memory_gb) == ("sold_out", Decimal("0.8"), None)


def test_machines_without_a_gpu_are_left_out() -> None:
    assert not list(sesterce.offers(rows(gpuName="CPU", gpuCount=0)))


def test_a_page_without_the_list_is_an_error() -> None:
    with pytest.raises(ValueError, match="no offers"):
        list(sesterce.offers({"1b": ["$", "div", None, {}]}))
