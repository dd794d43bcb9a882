"""Fluidstack: the configurations of its API, with a key (sent as api-key).

Prices are US dollars per GPU-hour before tax, as text, the same for every number of GPUs that a configuration comes
with.  The GPU's type names its form factor and memory ("H100_SXM5_80GB").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Json

PROVIDER = Provider(
    "fluidstack",
    "Fluidstack",
    pricing_url="https://www.fluidstack.io/pricing",
    needs_key=True,
    minimum_offers=1,
)
SOURCE = Json("https://platform.fluidstack.io/list_available_configurations", headers={"api-key": "{key}"})


def offers(configurations: list[Mapping[str, Any]]) -> Iterator[Offer]:
    """Each configuration with each number of GPUs; one GPU where the answer doesn't say."""
    for configuration in configurations:
        for gpus in configuration.get("gpu_counts") or (1,):
            yield Offer(
                instance_type=f"{configuration['gpu_type']}::{gpus}",
                gpu_name=configuration["gpu_type"],
                gpu_count=gpus,
                available_regions=tuple(configuration.get("regions") or ()),
                price=money(configuration["price_per_gpu_hr"]),
                currency="USD",
                price_unit="gpu_hour",
            )
