"""Made-up offers to measure the database with, and their rows for the first draft of its schema."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from scrapers.normalise import NormalisedOffer

GPUS = 100


def offers(count: int) -> list[NormalisedOffer]:
    """Made-up offers, the same for the same count."""
    chance = random.Random(count)  # noqa: S311 (made up, not secret)
    return [_offer(number, chance) for number in range(count)]


def _offer(number: int, chance: random.Random) -> NormalisedOffer:
    price = Decimal(chance.randrange(20, 9000)) / 100
    gpu_count = chance.choice((1, 2, 4, 8))
    return NormalisedOffer(
        gpu_slug=f"gpu-{number % GPUS}",
        instance_type=f"{gpu_count}x-gpu-{number % GPUS}-{number}",
        available_regions=("us-east", "eu-west"),
        gpu_count=gpu_count,
        price_per_hour=price,
        price_per_hour_spot=price / 2,
        currency="USD",
        original_price_per_hour=price,
        original_price_per_hour_spot=price / 2,
        availability_status="available",
        availability_stated=True,
        instance_name=f"{gpu_count} x GPU {number % GPUS}",
        instance_url="https://provider.example/rent",
        vcpu_count=16,
        ram_gb=Decimal(128),
        storage_gb=1000,
        storage_type="NVMe SSD",
        network_bandwidth_gbps=Decimal(25),
        has_nvlink=True,
        has_infiniband=False,
        min_rental_hours=1,
        billing_increment_seconds=60,
        price_includes={"storage_gb": 100},
        raw_data={"id": number, "name": f"gpu-{number % GPUS}", "zones": ["a", "b"], "stock": "high"},
    )


def some_raised(offers: Sequence[NormalisedOffer], every: int, cents: int) -> list[NormalisedOffer]:
    """The offers, with every `every`th more expensive by `cents`."""
    return [offer if number % every else raised(offer, cents) for number, offer in enumerate(offers)]


def raised(offer: NormalisedOffer, cents: int) -> NormalisedOffer:
    """The offer, more expensive by `cents`."""
    price = (offer.price_per_hour or Decimal(1)) + Decimal(cents) / 100
    return replace(offer, price_per_hour=price, original_price_per_hour=price)


def document_row(offer: NormalisedOffer) -> Sequence[Any]:
    """The offer in the order of sql/bench/document_copy.sql."""
    return (
        offer.gpu_slug,
        offer.instance_type,
        offer.instance_name,
        offer.gpu_count,
        offer.price_per_hour,
        offer.price_per_hour_spot,
        offer.price_per_month,
        offer.price_per_hour_reserved_1y,
        offer.price_per_hour_reserved_3y,
        json.dumps(offer.price_includes),
        offer.currency,
        offer.vcpu_count,
        offer.ram_gb,
        offer.storage_type,
        offer.storage_gb,
        offer.network_bandwidth_gbps,
        offer.has_nvlink,
        offer.has_infiniband,
        offer.infiniband_bandwidth_gbps,
        offer.availability_status,
        list(offer.available_regions),
        offer.min_rental_hours,
        offer.billing_increment_seconds,
        offer.instance_url,
        json.dumps(offer.raw_data),
    )
