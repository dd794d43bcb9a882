"""Modal: the GPUs of its price page.

Prices are USD per GPU-second before tax for the GPU alone: processor cores and memory are billed apart.  Serverless,
billed while it runs; region and non-preemption cost extra.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, PRICE, memory_gb, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "modal", "Modal", pricing_url="https://modal.com/pricing", source_class="price_page", minimum_offers=6
)
SOURCE = HtmlText("https://modal.com/pricing")

# "Nvidia A100, 80 GB $0.000694 / sec"
ROW = re.compile(rf"(?P<gpu>{GPU_NAME})(?:,? (?P<memory>\d+ ?GB))? (?P<price>{PRICE}) ?/ ?sec")


def offers(text: str) -> Iterator[Offer]:
    """Each GPU once, the first price where the page repeats it."""
    rows: dict[str, re.Match[str]] = {}
    for row in ROW.finditer(text):
        rows.setdefault(f"{row['gpu']}, {row['memory']}" if row["memory"] else row["gpu"], row)
    for name, row in rows.items():
        yield Offer(
            instance_type=name,
            gpu_name=row["gpu"],
            gpu_memory_gb=memory_gb(row["memory"]),
            price=money(row["price"]),
            price_basis="gpu_only",
            currency="USD",
            price_unit="gpu_second",
            billing_increment_seconds=1,
        )
