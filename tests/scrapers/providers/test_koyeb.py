from decimal import Decimal

import pytest

from scrapers.providers import koyeb
from tests.scrapers.providers.replayed import by_type, recorded_offers

GPU = {
    "id": "4-gpu-nvidia-h100",
    "type": "gpu",
    "display_name": "4x H100",
    "price_hourly": "10.00",
    "gpu": {"brand": "NVIDIA", "name": "H100", "count": 4, "memory": "320GB"},
    "regions": ["na", "fra"],
    "vcpu": 60,
    "memory": "720GB",
    "status": "AVAILABLE",
}


def test_prices_are_those_of_the_catalogue() -> None:
    offers = recorded_offers(koyeb)
    assert offers["gpu-nvidia-l40s"].price == Decimal("1.2")
    assert offers["gpu-nvidia-rtx-a6000"].price == Decimal("0.75")
    assert offers["1x NVIDIA A100 SXM"].price == Decimal("2.15")


def test_a_price_is_the_whole_instances() -> None:
    offer = by_type(koyeb.offers({"instances": [GPU]}))["4-gpu-nvidia-h100"]
    assert (offer.price, offer.gpu_count, offer.price_unit) == (10, 4, "instance_hour")
    assert (offer.available_regions, offer.vcpu_count, offer.ram_gb) == (("na", "fra"), 60, 720)


def test_memory_of_several_gpus_is_not_taken_for_that_of_one() -> None:
    assert by_type(koyeb.offers({"instances": [GPU]}))["4-gpu-nvidia-h100"].gpu_memory_gb is None


def test_status_is_the_availability_where_it_is_known() -> None:
    offers = by_type(koyeb.offers({"instances": [GPU, {**GPU, "id": "soon", "status": "COMING_SOON"}]}))
    assert (offers["4-gpu-nvidia-h100"].availability, offers["soon"].availability) == ("available", None)


def test_instances_without_a_gpu_are_left_out() -> None:
    assert not by_type(koyeb.offers({"instances": [{"id": "nano", "price_hourly": "0.0036", "gpu": None}], "count": 1}))


def test_half_a_catalogue_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 instance types of 130"):
        by_type(koyeb.offers({"instances": [GPU], "count": 130}))
