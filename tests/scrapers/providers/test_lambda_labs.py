from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.lambda_labs import offers


def read(description: str = "H100 (80 GB SXM5)", cents: int = 429, gpus: int = 1, **entry: Any) -> list[Offer]:
    kind = {"name": "gpu_1x_h100_sxm5", "gpu_description": description, "price_cents_per_hour": cents}
    return list(offers({"data": {"gpu_1x_h100_sxm5": {"instance_type": {**kind, "specs": {"gpus": gpus}}, **entry}}}))


def test_eight_h100_cost_eight_times_the_snapshots_price(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("lambda-labs", "gpu_8x_h100_sxm5")
    assert offer.price == Decimal("31.92") == 8 * Decimal("3.99")
    assert (offer.gpu_name, offer.gpu_count, offer.gpu_memory_gb) == ("H100 SXM5", 8, 80)


def test_a_single_gh200(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("lambda-labs", "gpu_1x_gh200")
    assert (offer.gpu_name, offer.price, offer.price_unit) == ("GH200", Decimal("2.29"), "instance_hour")
    assert offer.availability is None


def test_memory_and_form_are_read_from_the_description() -> None:
    names = {text: read(text)[0] for text in ("A100 (40 GB PCIe)", "Tesla V100 (16 GB)", "Rubin")}
    assert [(o.gpu_name, o.gpu_memory_gb) for o in names.values()] == [
        ("A100 PCIe", 40),
        ("Tesla V100", 16),
        ("Rubin", None),
    ]


def test_no_region_with_capacity_means_sold_out() -> None:
    [offer] = read(regions_with_capacity_available=[])
    assert (offer.availability, offer.price) == ("sold_out", Decimal("4.29"))


def test_regions_with_capacity_are_named() -> None:
    [offer] = read(regions_with_capacity_available=[{"name": "us-west-1", "description": "California, USA"}])
    assert (offer.availability, offer.available_regions) == ("available", ("us-west-1",))


def test_cpu_instances_and_free_ones_make_no_offer() -> None:
    assert read(gpus=0) == []
    assert read(cents=0) == []
