"""GPUhub: the GPU cards of its home page.

Prices are USD per GPU-hour before tax, billed by the second with a minimum of one cent; disk beyond what is included
costs extra.  A card with more memory than its maker gives it ("RTX 4090 (48 GB mod)") is a modified one and keeps that
in its name.
"""

import re
from collections.abc import Iterator

from scrapers.cards import PRICE, amount
from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, memory_gb
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "gpuhub",
    "GPUhub",
    pricing_url="https://www.gpuhub.com/home",
    source_class="price_page",
    minimum_offers=3,
    must_have=("rtx-5090",),
)
SOURCE = HtmlText("https://www.gpuhub.com/home")

CARD = re.compile(
    rf"(?P<gpu>{GPU_NAME}(?: \(\d+ GB mod\))?)(?: (?P<memory>\d+ ?GB?)\b)?(?: from)?"
    rf" {PRICE} ?/ ?h(?:r|our)?\b"
)


def offers(text: str) -> Iterator[Offer]:
    """Each GPU once, the first price where the page repeats it.  Raises ValueError where none has a price."""
    cards: dict[str, re.Match[str]] = {}
    for card in CARD.finditer(text):
        cards.setdefault(" ".join(filter(None, (card["gpu"], card["memory"]))), card)
    if not cards:
        raise ValueError(f"no GPU with a price per hour, but {text[:80]!r}")
    for name, card in cards.items():
        yield Offer(
            instance_type=name,
            gpu_name=card["gpu"],
            gpu_memory_gb=memory_gb(card["memory"]),
            price=amount(card, "USD"),
            currency="USD",
            price_unit="gpu_hour",
            billing_increment_seconds=1,
        )
