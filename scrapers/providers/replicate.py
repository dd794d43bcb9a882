"""Replicate: the hardware of its price page.

Prices are USD per second before tax for a machine with the stated number of GPUs, vCPUs and RAM included.  One runs a
model on it and does not get the machine: public models are billed while they work, private ones also while they start
and wait.  The price includes that service and is marked as a bundle.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.parse import count, memory_gb
from scrapers.prices_in_text import Segment, price_after, segments
from scrapers.row_parser import LeftOut, RowParser
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
# "(Large)" describes the machine.  Some hardware has no sizes.
_HEAD = re.compile(
    r"(?:(?P<count>\d+)x )?(?P<gpu>Nvidia [A-Z]{1,2}\d+[A-Z]*)(?: \((?:(?P<memory>\d+ ?GB)|[A-Z][a-z]+)\))? GPU"
    r"(?: (?P<sku>gpu-[\w-]+))?"
)
_SIZES = re.compile(r"/ ?hr\s\d+x\s(?P<cpus>\d+)x\s(?P<vram>\d+GB)\s(?P<ram>\d+GB)")


def _rows(text: str) -> Iterator[Segment]:
    return segments(_HEAD, text)


def _key(row: Segment) -> tuple[str, str]:
    head, _ = row
    return head["sku"] or head[0].partition(" GPU")[0], ""


def _read(row: Segment) -> Draft | LeftOut:
    (head, words), (name, _) = row, _key(row)
    price = price_after(words, per="second", within=30)
    if not price:
        return LeftOut("no_price", name)
    gpus, sizes = count(head["count"]) or 1, _SIZES.search(words)
    total = memory_gb(sizes["vram"]) if sizes else None
    return Draft(
        instance_type=name,
        gpu_name=head["gpu"],
        gpu_count=gpus,
        gpu_memory_gb=memory_gb(head["memory"]) or (total and total / gpus),
        price=price,
        price_basis="bundle",
        vcpu_count=count(sizes["cpus"]) if sizes else None,
        ram_gb=memory_gb(sizes["ram"]) if sizes else None,
        currency="USD",
        price_unit="instance_second",
        billing_increment_seconds=1,
    )


offers = RowParser("a machine of the page", _rows, _read, _key)
