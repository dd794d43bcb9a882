"""Replicate: the hardware of its price page.

Prices are USD per second before tax for a machine with the stated number of GPUs, vCPUs and RAM included.  One runs a
model on it and gets no machine: public models are billed while they work, private ones also while they start and wait.
The price pays for that service too and is marked as a bundle.
"""

import re
from collections.abc import Iterator

from scrapers.cards import PRICE, amount
from scrapers.offer import Offer, Provider
from scrapers.parse import count, memory_gb
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "replicate",
    "Replicate",
    pricing_url="https://replicate.com/pricing",
    source_class="price_page",
    minimum_offers=3,
    must_have=("t4", "l40s"),
)
SOURCE = HtmlText("https://replicate.com/pricing")

# "2x Nvidia A100 (80GB) GPU gpu-a100-large-2x $0.002800/sec $10.08/hr 2x 20x 160GB 288GB": GPUs, vCPUs, VRAM, RAM;
# "(Large)" is the machine's.  Of some hardware the sizes aren't stated.
ROW = re.compile(
    r"(?:(?P<count>\d+)x )?(?P<gpu>Nvidia [A-Z]{1,2}\d+[A-Z]*)(?: \((?:(?P<memory>\d+ ?GB)|[A-Z][a-z]+)\))? GPU"
    rf"(?: (?P<sku>gpu-[\w-]+))? {PRICE} ?/ ?sec(?: \$ ?[\d.]+ ?/ ?hr)?"
    r"(?: \d+x (?P<cpus>\d+)x (?P<vram>\d+GB) (?P<ram>\d+GB))?"
)


def offers(text: str) -> Iterator[Offer]:
    """Each machine with a GPU.  Raises ValueError where none has a price per second."""
    rows: dict[str, re.Match[str]] = {}
    for row in ROW.finditer(text):
        rows.setdefault(row["sku"] or row[0].partition(" GPU")[0], row)
    if not rows:
        raise ValueError(f"no GPU with a price per second, but {text[:80]!r}")
    for name, row in rows.items():
        yield _offer(name, row)


def _offer(name: str, row: re.Match[str]) -> Offer:
    gpus = count(row["count"]) or 1
    total = memory_gb(row["vram"])
    return Offer(
        instance_type=name,
        gpu_name=row["gpu"],
        gpu_count=gpus,
        gpu_memory_gb=memory_gb(row["memory"]) or (total and total / gpus),
        price=amount(row, "USD"),
        price_basis="bundle",
        vcpu_count=count(row["cpus"]),
        ram_gb=memory_gb(row["ram"]),
        currency="USD",
        price_unit="instance_second",
        billing_increment_seconds=1,
    )
