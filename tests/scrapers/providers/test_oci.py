from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers.oci import offers
from scrapers.row_parser import Parsed


def product(metric: str = "GPU Per Hour", model: str = "PAY_AS_YOU_GO", currency: str = "USD") -> dict[str, Any]:
    prices = [{"model": model, "value": Decimal("2.0")}]
    localized = [{"currencyCode": currency, "prices": prices}]
    return {"partNumber": "B95909", "metricName": metric, "currencyCodeLocalizations": localized}


def read(priced: dict[str, Any] | None = None, **fields: Any) -> list[Offer]:
    return parsed(priced, **fields).offers


def parsed(priced: dict[str, Any] | None = None, **fields: Any) -> Parsed:
    shape = {
        "name": "VM.GPU.A10.2",
        "hidden": False,
        "status": "ACTIVE",
        "allowPreemptible": True,
        "gpuQty": 2,
        "gpuMemoryQty": 48,
        "bundleMemoryQty": 480,
        "products": [{"partNumber": "B95909", "qty": 30, "type": {"value": "ocpu"}}],
        **fields,
    }
    return offers.parse({"products": {"items": [priced or product()]}, "shapes": {"items": [shape]}})


def test_eight_h100_at_the_list_price(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("oci", "BM.GPU.H100.8")
    assert (offer.price, offer.price_unit, offer.gpu_count) == (10, "gpu_hour", 8)
    assert offer.gpu_name == "H100 80GB SXM"


def test_l40s_at_the_list_price(recorded_offer: Callable[..., Offer]) -> None:
    assert recorded_offer("oci", "BM.GPU.L40S.4").price == Decimal("3.5")


def test_a_shape_is_priced_by_its_own_product_and_the_same_in_all_regions(
    recorded_offer: Callable[..., Offer],
) -> None:
    assert (recorded_offer("oci", "BM.GPU4.8").price, recorded_offer("oci", "BM.GPU.A100-v2.8").price) == (
        Decimal("3.05"),
        4,
    )
    assert recorded_offer("oci", "BM.GPU.GB200.4").region == ""


@pytest.mark.parametrize(
    ("shape", "price"), [("BM.GPU.B300.8", "15"), ("BM.GPU.MI355X.8", "8.6"), ("BM.GPU.RTXPRO.8", "4.5")]
)
def test_the_newest_shapes_at_the_list_price(recorded_offer: Callable[..., Offer], shape: str, price: str) -> None:
    assert recorded_offer("oci", shape).price == Decimal(price)


def test_a_price_that_cannot_be_read_leaves_the_stored_offer_alone() -> None:
    odd = product()
    odd["currencyCodeLocalizations"][0]["prices"][0]["value"] = "many"
    [row] = parsed(odd).unreadable
    assert row.instance_type == "VM.GPU.A10.2"


def test_a_product_of_no_number_is_a_row_of_its_own_and_says_so() -> None:
    nameless = {key: value for key, value in product().items() if key != "partNumber"}
    found = parsed(nameless)
    assert [row.rule for row in found.left_out] == ["no_price"]
    assert ['no "partNumber"' in row.reason for row in found.unreadable] == [True]


def test_software_that_is_billed_per_gpu_is_no_shapes_price() -> None:
    assert read(products=[{"partNumber": "B111826"}]) == []


def test_a_preemptible_shape_costs_half() -> None:
    [offer] = read()
    assert (offer.price, offer.price_spot, offer.price_unit) == (2, 1, "gpu_hour")
    assert (offer.gpu_name, offer.gpu_count, offer.gpu_memory_gb, offer.ram_gb) == ("A10", 2, 24, 480)
    assert read(allowPreemptible=False)[0].price_spot is None


@pytest.mark.parametrize(
    ("shape", "gpu"),
    [
        ("BM.GPU4.8", "A100 40GB SXM"),
        ("VM.GPU3.1", "Tesla V100-SXM2-16GB"),
        ("BM.GPU.A100-v2.8", "A100 80GB SXM"),
        ("BM.GPU.MI300X.8", "MI300X"),
        ("BM.GPU.GB200.4", "GB200"),
    ],
)
def test_the_shapes_name_tells_the_gpu(shape: str, gpu: str) -> None:
    assert [o.gpu_name for o in read(name=shape)] == [gpu]


def test_hidden_retired_gpuless_and_unpriced_shapes_make_no_offer() -> None:
    assert read(hidden=True) == []
    assert read(status="DEPRECATED") == []
    assert read(name="VM.Standard.E4.Flex", gpuQty=None) == []
    assert read(products=[{"partNumber": "B93113"}]) == []


def test_other_metrics_models_and_currencies_are_no_price() -> None:
    assert read(product(metric="OCPU Per Hour")) == []
    assert read(product(model="MONTHLY_COMMIT")) == []
    assert read(product(currency="EUR")) == []
