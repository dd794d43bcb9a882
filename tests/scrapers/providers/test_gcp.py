from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers.gcp import offers


def read(machine_type: str, **cost: str) -> list[Offer]:
    machine: dict[str, Any] = {"cpu": "4", "ram": "16", "cost": {"us-central1": cost}}
    return list(offers({"compute": {"instance": {machine_type: machine}}}))


def lowest_spot(offers: list[Offer], gpu: str) -> Decimal:
    """US dollars per GPU-hour, to the cent."""
    prices = [o.price_spot / o.gpu_count for o in offers if o.price_spot and o.gpu_name == gpu]
    return round(min(prices), 2)


def test_recording_has_423_machines_in_regions_that_have_them(replayed: Callable[[str], list[Offer]]) -> None:
    found = replayed("gcp")
    assert len(found) == 423
    assert len({o.instance_type for o in found}) == 29


def test_a100_in_iowa(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("gcp", "a2-highgpu-1g", "us-central1")
    assert (offer.price, offer.price_spot) == (Decimal("3.673385"), Decimal("1.92802"))
    assert (offer.gpu_name, offer.gpu_count, offer.vcpu_count, offer.ram_gb) == ("A100 40GB SXM", 1, 12, 85)


def test_sixteen_gpus_are_counted(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("gcp", "a2-megagpu-16g", "us-central1")
    assert offer.gpu_count == 16
    assert offer.price_unit == "instance_hour"


@pytest.mark.parametrize(
    ("gpu", "lowest"), [("A100 40GB SXM", "1.60"), ("A100 80GB SXM", "1.78"), ("H100 80GB SXM", "1.28")]
)
def test_the_lowest_spot_price_is_of_a_region_that_has_the_machine(
    replayed: Callable[[str], list[Offer]], gpu: str, lowest: str
) -> None:
    assert lowest_spot(replayed("gcp"), gpu) == Decimal(lowest)


def test_a_price_in_a_region_without_the_machine_makes_no_offer() -> None:
    cost = {"asia-south2": {"hour": "6.09", "hour_spot": "0.65"}, "us-east5": {"hour": "5.07", "hour_spot": "1.8"}}
    [offer] = offers({"compute": {"instance": {"a2-ultragpu-1g": {"cost": cost}}}})
    assert (offer.region, offer.price_spot) == ("us-east5", Decimal("1.8"))


@pytest.mark.parametrize("machine_type", ["a3-highgpu-1g", "a3-highgpu-2g", "a3-highgpu-4g", "a3-ultragpu-8g"])
def test_machines_not_rented_on_demand_have_a_spot_price_only(machine_type: str) -> None:
    [offer] = read(machine_type, hour="11.06", hour_spot="6.33", month_1y="5000")
    assert (offer.price, offer.price_spot, offer.price_1y) == (None, Decimal("6.33"), None)


def test_a3_high_with_eight_gpus_has_both_prices() -> None:
    [offer] = read("a3-highgpu-8g", hour="88.49", hour_spot="50.61")
    assert (offer.price, offer.price_spot) == (Decimal("88.49"), Decimal("50.61"))


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
    assert read("g2-standard-4", hour="0", hour_spot="0") == []


def test_a_machine_type_of_which_nothing_is_known_keeps_its_own_name() -> None:
    assert [offer.gpu_name for offer in read("g9-standard-4", hour="1")] == ["g9-standard-4"]
