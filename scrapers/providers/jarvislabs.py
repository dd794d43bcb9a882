"""Jarvis Labs: the GPU cards of its price page.

Prices are USD per GPU-hour before tax, vCPUs and RAM included; disk is extra.  A card reads "H100 SXM Hopper · 80 GB
$2.69".  Spot prices aren't stated.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, PRICE, memory_gb, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "jarvislabs",
    "Jarvis Labs",
    pricing_url="https://jarvislabs.ai/pricing",
    source_class="price_page",
    minimum_offers=4,
)
SOURCE = HtmlText("https://jarvislabs.ai/pricing")

CARD = re.compile(
    rf"(?P<gpu>{GPU_NAME}) (?:Ada(?: Lovelace)?|Ampere|Hopper|Blackwell|Volta|Turing) · (?P<memory>\d+ ?GB)"
    rf" (?P<price>{PRICE})"
)


def offers(text: str) -> Iterator[Offer]:
    """Each card once, the first where the page repeats it."""
    cards: dict[str, re.Match[str]] = {}
    for card in CARD.finditer(text):
        cards.setdefault(f"{card['gpu']} {card['memory']}", card)
    for name, card in cards.items():
        yield Offer(
            instance_type=name,
            gpu_name=card["gpu"],
            gpu_memory_gb=memory_gb(card["memory"]),
            price=money(card["price"]),
            currency="USD",
            price_unit="gpu_hour",
        )
