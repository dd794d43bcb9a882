from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers.aws import LOCATION, offers


def read(on_demand: dict[str, str], spot: dict[str, str] | None = None, region: str = "us-east-1") -> list[Offer]:
    listed: dict[str, Any] = {
        f"key of {name}": {"Instance Type": name, "price": price, "vCPU": "4", "Memory": "16 GiB"}
        for name, price in on_demand.items()
    }
    windows = {"name": "mswin", "prices": {"USD": "9.9"}}
    sizes = [
        {"size": name, "valueColumns": [windows, {"name": "linux", "prices": {"USD": price}}]}
        for name, price in (spot or {}).items()
    ]
    regions = [{"region": region, "instanceTypes": [{"type": "gpuInstances", "sizes": sizes}]}]
    return list(offers({"on_demand": {"regions": {LOCATION: listed}}, "spot": {"config": {"regions": regions}}}))


def test_one_l4_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("aws", "g6.xlarge", "us-east-1")
    assert (offer.price, offer.price_spot, offer.gpu_name) == (Decimal("0.8048"), None, "L4")


def test_eight_l4_on_demand_and_spot_are_one_offer(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("aws", "g6.48xlarge", "us-east-1")
    assert (offer.price, offer.price_spot) == (8 * Decimal("1.6688"), 8 * Decimal("0.21995"))
    assert offer.gpu_count == 8


def test_a_type_let_as_spot_elsewhere_is_an_offer_there() -> None:
    here, there = read({"g6.xlarge": "0.8048000000"}, {"g6.xlarge": "0.3052"}, "eu-west-1")
    assert (here.region, here.price, here.price_spot) == ("eu-west-1", None, Decimal("0.3052"))
    assert (there.region, there.price, there.vcpu_count, there.ram_gb) == ("us-east-1", Decimal("0.8048"), 4, 16)


@pytest.mark.parametrize(
    ("name", "gpu", "count", "share"),
    [
        ("g6f.large", "L4", 1, "0.125"),
        ("gr6f.4xlarge", "L4", 1, "0.5"),
        ("g5.24xlarge", "A10G", 4, "1"),
        ("p5.48xlarge", "H100 80GB SXM", 8, "1"),
        ("p6e-gb200.36xlarge", "GB200", 4, "1"),
    ],
)
def test_the_type_tells_the_gpus(name: str, gpu: str, count: int, share: str) -> None:
    [offer] = read({name: "1"})
    assert (offer.gpu_name, offer.gpu_count, offer.gpu_share) == (gpu, count, Decimal(share))


def test_an_unknown_gpu_type_keeps_its_own_name_as_the_gpu() -> None:
    [offer] = read({"p9.48xlarge": "99"})
    assert (offer.gpu_name, offer.gpu_memory_gb) == ("p9.48xlarge", None)


def test_cpu_types_and_types_not_let_make_no_offer() -> None:
    assert read({"m7i.large": "0.1", "c7g.xlarge": "0.14"}, {"t3.micro": "0.003", "g6.xlarge": "N/A*"}) == []
