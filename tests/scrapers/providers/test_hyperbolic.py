from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import hyperbolic
from tests.scrapers.providers.conftest import offers_of


def parsed(**fields: Any) -> list[Offer]:
    node = {"gpuCount": 8, "ramGb": 2000, "storageGb": 24960, "vcpuCount": 192}
    option = {
        "enabled": True,
        "costPerHourCents": 2552,
        "region": "eu-west-3",
        "gpuCount": 8,
        "gpuType": "h100",
        "gpuFormFactor": "sxm5",
        "connectionType": "infiniband",
        "machineType": "bare-metal",
        "nodes": [node],
        **fields,
    }
    return list(hyperbolic.offers([option]))


def test_prices_are_those_of_the_answer() -> None:
    offers = {(offer.instance_type, offer.region): offer for offer in offers_of("hyperbolic")}
    assert offers["virtual-machine/1x H100 sxm5", "us-east-1"].price == Decimal("3.19")
    assert offers["virtual-machine/1x H100 pcie", "ca-east-1"].price == Decimal("2.75")
    assert offers["bare-metal/8x H100 sxm5", "eu-west-3"].price == Decimal("25.52")


def test_cents_are_for_the_whole_option() -> None:
    [offer] = parsed()
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("25.52"), "instance_hour", 8)
    assert (offer.vcpu_count, offer.ram_gb, offer.has_infiniband) == (192, 2000, True)


def test_an_option_of_several_nodes_has_the_memory_of_all() -> None:
    node = {"gpuCount": 8, "ramGb": 2000, "storageGb": 24960, "vcpuCount": 192}
    [offer] = parsed(gpuCount=16, nodes=[node, node])
    assert (offer.ram_gb, offer.storage_gb, offer.vcpu_count) == (4000, 49920, 384)


def test_availability_is_unknown_unless_stated() -> None:
    assert [parsed(**left)[0].availability for left in ({}, {"totalAvailable": 2}, {"totalAvailable": 0})] == [
        None,
        "available",
        "sold_out",
    ]


def test_the_suppliers_cost_is_never_taken_for_the_price() -> None:
    assert parsed(providerCostPerHourCents=1)[0].price == Decimal("25.52")


def test_an_option_that_is_switched_off_is_left_out() -> None:
    assert parsed(enabled=False) == []
