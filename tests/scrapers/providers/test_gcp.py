from collections.abc import Callable
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers.gcp import offers


def read(machine_type: str, **cost: str) -> list[Offer]:
    machine: dict[str, Any] = {"cpu": "4", "ram": "16", "cost": {"us-central1": cost}}
    return list(offers({"compute": {"instance": {machine_type: machine}}}))


def test_recording_has_all_984_machine_types_and_regions(replayed: Callable[[str], list[Offer]]) -> None:
    found = replayed("gcp")
    assert len(found) == 984
    assert len({o.instance_type for o in found}) == 29


def test_a100_in_johannesburg(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("gcp", "a2-highgpu-1g", "africa-south1")
    assert (offer.price, offer.price_spot) == (Decimal("4.804788"), Decimal("0.65224"))
    assert (offer.gpu_name, offer.gpu_count, offer.vcpu_count, offer.ram_gb) == ("A100 40GB SXM", 1, 12, 85)


def test_sixteen_gpus_are_counted(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("gcp", "a2-megagpu-16g", "us-central1")
    assert offer.gpu_count == 16
    assert offer.price_unit == "instance_hour"


def test_g2_counts_its_gpus_by_size() -> None:
    counts = {size: read(f"g2-standard-{size}", hour="1")[0].gpu_count for size in (4, 24, 32, 48, 96)}
    assert counts == {4: 1, 24: 2, 32: 1, 48: 4, 96: 8}


def test_small_g4_machines_have_a_share_of_a_gpu() -> None:
    shares = {size: read(f"g4-standard-{size}", hour="1")[0].gpu_share for size in (6, 12, 24, 48)}
    assert shares == {6: Decimal("0.125"), 12: Decimal("0.25"), 24: Decimal("0.5"), 48: 1}


def test_a_commitment_is_by_the_hour() -> None:
    [offer] = read("a2-highgpu-1g", hour="3.673385", month="2681.57105", month_1y="1689.3711392", month_3y="938.56")
    assert (offer.price_1y, offer.price_3y) == (Decimal("2.314207"), Decimal("1.285699"))
    assert offer.price_month is None


def test_machines_without_gpus_or_prices_make_no_offer() -> None:
    assert read("n2-standard-4", hour="1") == []
    assert read("g2-standard-5", hour="1") == []
    assert read("g2-standard-4", hour="0", hour_spot="0") == []
