from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers import shadeform
from tests.scrapers.providers.replayed import recorded_offers


def parsed(*regions: dict[str, Any], size: dict[str, Any] | None = None, **fields: Any) -> list[Offer]:
    kind = {
        "cloud": "hyperstack",
        "shade_instance_type": "A100_80Gx8",
        "cloud_instance_type": "n3-A100x8",
        "configuration": {"num_gpus": 8, "gpu_type": "A100_80G", "interconnect": "pcie", **(size or {})},
        "hourly_price": 1120,
        "availability": list(regions),
        **fields,
    }
    return list(shadeform.offers({"7": {"state": {"data": {"instance_types": [kind]}}}}))


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(shadeform)
    assert (offers["hyperstack:H100_sxm5x8"].price, offers["scaleway:L4"].price) == (Decimal("25.6"), Decimal("0.95"))
    assert offers["verda:B300x2"].price == Decimal("15.82")
    assert "hyperstack:cpu_small" not in offers


def test_cents_are_for_the_whole_instance_and_the_upstream_cloud_is_part_of_its_type() -> None:
    [offer] = parsed()
    assert (offer.instance_type, offer.gpu_count) == ("hyperstack:A100_80Gx8", 8)
    assert (offer.price, offer.price_unit) == (Decimal("11.2"), "instance_hour")


def test_a_type_names_the_regions_that_have_it() -> None:
    offer = recorded_offers(shadeform)["scaleway:L4"]
    assert (offer.available_regions, offer.availability) == (("paris-france-5", "warsaw-poland-1"), "available")
    assert recorded_offers(shadeform)["imwt:A6000x8"].availability == "sold_out"


@pytest.mark.parametrize("stated", ["9.60", "$9.60", 960])
def test_a_spot_row_is_an_offer_of_its_region_in_dollars(stated: Any) -> None:
    on_demand = {"region": "montreal-canada-2", "available": True, "rental_type": "on_demand"}
    spot = {"region": "oslo-norway-1", "available": False, "rental_type": "spot", "price": stated}
    everywhere, oslo = parsed(on_demand, spot)
    assert (everywhere.price_spot, everywhere.available_regions) == (None, ("montreal-canada-2",))
    assert (oslo.region, oslo.price, oslo.price_spot) == ("oslo-norway-1", None, Decimal("9.6"))
    assert oslo.availability == "sold_out"


@pytest.mark.parametrize(
    ("kind", "own", "gpu", "interconnect", "name"),
    [
        ("A100_80G_sxm4x8", "a100-80gb-sxm-ib.8x", "A100_80G", "pcie", "A100_80G sxm"),
        ("A100_80G", "n3-A100x1", "A100_80G", "pcie", "A100_80G pcie"),
        ("H100_nvlx2_NVLINK", "gpu_2x_h100_nvl_nvlink", "H100_nvl", "pcie", "H100_nvl"),
        ("RTX6000Adax8", "RTX6000Adax8", "RTX6000Ada", "sxm5", "RTX6000Ada"),
        ("B200", "1B200.30V", "B200", "sxm6", "B200 sxm6"),
    ],
)
def test_the_form_factor_is_taken_from_where_it_has_a_meaning(
    kind: str, own: str, gpu: str, interconnect: str, name: str
) -> None:
    size = {"gpu_type": gpu, "interconnect": interconnect}
    [offer] = parsed(size=size, shade_instance_type=kind, cloud_instance_type=own)
    assert offer.gpu_name == name
