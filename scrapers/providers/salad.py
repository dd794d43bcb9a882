"""Salad: the GPUs of its price page, at the lowest of its priorities.

Prices are USD per GPU-hour before tax for the GPU alone: vCPUs and RAM are billed apart.  The machines are other
people's and may leave, and work of a higher priority goes first: these are spot prices.  The price per month is the
same for 730 hours.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, PRICE, memory_gb, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "salad", "Salad", pricing_url="https://salad.com/pricing", source_class="price_page", minimum_offers=5
)
SOURCE = HtmlText("https://salad.com/pricing")

# "RTX 5090 32GB 8GB 4 vCPUs $0.250 $182.50"; the RAM and the vCPUs are a suggestion.
ROW = re.compile(
    rf"(?P<gpu>{GPU_NAME}) \(?(?P<memory>\d+ ?GB)\)?(?: \d+ ?GB)?(?: \d+ vCPUs?)? (?P<price>{PRICE})(?! ?/ ?mo)"
)


def offers(text: str) -> Iterator[Offer]:
    """Each GPU once, the first price where the page repeats it."""
    rows: dict[str, re.Match[str]] = {}
    for row in ROW.finditer(text):
        rows.setdefault(f"{row['gpu']} {row['memory']}", row)
    for name, row in rows.items():
        yield Offer(
            instance_type=f"{name}, lowest priority",
            gpu_name=row["gpu"],
            gpu_memory_gb=memory_gb(row["memory"]),
            price_spot=money(row["price"]),
            price_basis="gpu_only",
            currency="USD",
            price_unit="gpu_hour",
        )
