from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import cudo
from tests.scrapers.providers.conftest import offers_of


def parsed(**fields: Any) -> list[Offer]:
    machine = {
        "dataCenterId": "no-kristiansand-1",
        "machineType": "sapphire-rapids-h100",
        "gpuModel": "H100 SXM",
        "gpuModelId": "nvidia-h100",
        "minVcpu": 2,
        "minMemoryGib": 4,
        "vcpuPriceHr": {"value": "0.0052"},
        "memoryGibPriceHr": {"value": "0.0025"},
        "gpuPriceHr": {"value": "1.79"},
        **fields,
    }
    models = [{"id": "nvidia-h100", "memoryGib": 80}]
    return list(cudo.offers({"machines": {"machineTypes": [machine]}, "gpus": {"gpuModels": models}}))


def test_prices_are_those_of_the_answer() -> None:
    offers = {(offer.instance_type, offer.region): offer for offer in offers_of("cudo")}
    h100 = offers["sapphire-rapids-h100", "no-kristiansand-1"]
    assert (h100.price, h100.price_basis) == (Decimal("1.79"), "gpu_only")
    assert offers["ice-lake-rtx-a6000", "se-stockholm-1"].price == Decimal("0.45")


def test_a_price_is_the_sum_of_the_smallest_machines_parts() -> None:
    [offer] = parsed()
    assert offer.price == Decimal("1.79") + 2 * Decimal("0.0052") + 4 * Decimal("0.0025")
    assert (offer.price_basis, offer.vcpu_count, offer.ram_gb) == ("complete", 2, 4)
    assert offer.gpu_memory_gb == 80


def test_a_gpu_may_want_more_processors_than_the_type() -> None:
    [offer] = parsed(minVcpuPerGpu=12)
    assert (offer.vcpu_count, offer.price) == (12, Decimal("1.79") + 12 * Decimal("0.0052") + 4 * Decimal("0.0025"))


def test_the_price_is_the_gpus_alone_where_a_part_is_not_known() -> None:
    unknown: list[dict[str, Any]] = [{"minMemoryGib": None}, {"vcpuPriceHr": None}]
    for [offer] in (parsed(**fields) for fields in unknown):
        assert (offer.price, offer.price_basis, offer.vcpu_count) == (Decimal("1.79"), "gpu_only", None)


def test_availability_is_the_number_of_free_gpus() -> None:
    assert [parsed(totalGpuFree=free)[0].availability for free in (None, 3, 0)] == [None, "available", "sold_out"]


def test_machines_without_a_gpu_are_left_out() -> None:
    assert parsed(machineType="epyc-milan", gpuModel="") == parsed(gpuPriceHr={"value": "0"}) == []
