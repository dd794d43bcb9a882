"""Google Cloud: Cyclenerd's price list (pricing.yml on GitHub, Apache-2.0), made of Google's own SKUs.

Google's price API wants a key; this list doesn't, and has the whole machine's price by region: US dollars per
hour before tax, on demand and spot, and per month with a commitment.  GPUs attached to N1 machines are left out:
there the price of the GPU and of the machine are separate.

The list adds up SKUs, which Google prices in regions too that have no such machine, and on demand for machines that are
not let so: what exists where, and how it is let, `scrapers.places` says.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.places import machine_places
from scrapers.sources import Yaml

PROVIDER = Provider(
    "gcp",
    "Google Cloud",
    pricing_url="https://cloud.google.com/compute/gpus-pricing",
    minimum_offers=200,
    must_have=("h100-sxm", "l4"),
)
SOURCE = Yaml("https://raw.githubusercontent.com/Cyclenerd/google-cloud-pricing-cost-calculator/master/pricing.yml")

HOURS_PER_MONTH = 730

# Which GPU a machine family has, its memory in GB, and how many of it a machine type of that family:
# https://cloud.google.com/compute/docs/accelerator-optimized-machines, as of August 2026.
_BY_NAME = {f"{count}g": Decimal(count) for count in (1, 2, 4, 8, 16)}
_G2 = {"4": 1, "8": 1, "12": 1, "16": 1, "32": 1, "24": 2, "48": 4, "96": 8}
_G4 = {"6": "0.125", "12": "0.25", "24": "0.5", "48": "1", "96": "2", "192": "4", "384": "8"}
FAMILIES: Mapping[str, tuple[str, int, Mapping[str, Decimal]]] = {
    "a2-highgpu": ("A100 40GB SXM", 40, _BY_NAME),
    "a2-megagpu": ("A100 40GB SXM", 40, _BY_NAME),
    "a2-ultragpu": ("A100 80GB SXM", 80, _BY_NAME),
    "a3-edgegpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-highgpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-megagpu": ("H100 80GB SXM", 80, _BY_NAME),
    "a3-ultragpu": ("H200 SXM", 141, _BY_NAME),
    "a4-highgpu": ("B200", 180, _BY_NAME),
    "a4x-highgpu": ("GB200", 186, _BY_NAME),
    "g2-standard": ("L4", 24, {size: Decimal(count) for size, count in _G2.items()}),
    "g4-standard": ("NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, {s: Decimal(n) for s, n in _G4.items()}),
}


def offers(prices: Any) -> Iterator[Offer]:
    """An offer for each machine type and region that has it and a price there."""
    lets = machine_places().lets
    for machine_type, machine in prices["compute"]["instance"].items():
        family, _, size = machine_type.rpartition("-")
        name, memory, counts = FAMILIES.get(family, ("", 0, {}))
        if size in counts:
            for region, cost in machine["cost"].items():
                if lets(PROVIDER.slug, machine_type, region) == "yes":
                    yield from _offer(machine_type, region, cost, machine, (name, memory, counts[size]))


def _offer(
    machine_type: str,
    region: str,
    cost: Mapping[str, Any],
    machine: Mapping[str, Any],
    gpu: tuple[str, int, Decimal],
) -> Iterator[Offer]:
    name, memory, gpus = gpu
    terms = _terms(machine_type, cost)
    if any(terms.values()):
        yield Offer(
            instance_type=machine_type,
            region=region,
            gpu_name=name,
            gpu_count=max(1, int(gpus)),
            gpu_share=min(Decimal(1), gpus),
            gpu_memory_gb=Decimal(memory),
            **terms,
            currency="USD",
            price_unit="instance_hour",
            vcpu_count=machine.get("cpu"),
            ram_gb=machine.get("ram"),
        )


def _terms(machine_type: str, cost: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """The prices at which the machine is let; a commitment is to what is let on demand."""
    terms: dict[str, Decimal | None] = {}
    if machine_places().sells(PROVIDER.slug, machine_type, "spot"):
        terms["price_spot"] = money(cost.get("hour_spot"))
    if machine_places().sells(PROVIDER.slug, machine_type, "on_demand"):
        terms["price"] = money(cost.get("hour"))
        terms["price_1y"], terms["price_3y"] = _hourly(cost.get("month_1y")), _hourly(cost.get("month_3y"))
    return terms


def _hourly(month: Any) -> Decimal | None:
    """A committed month's price by the hour, to a millionth."""
    amount = money(month)
    return None if amount is None else round(amount / HOURS_PER_MONTH, 6)
