"""Spheron: the GPU cards of its price page.

Prices are USD per GPU-hour before tax, the lowest that its upstream clouds offer at the moment; on demand, spot or
both.  The API, which names the upstream clouds and whole machines, wants a key.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, memory_gb, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "spheron",
    "Spheron",
    pricing_url="https://www.spheron.network/pricing/",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = HtmlText("https://www.spheron.network/pricing/")

# "H100 Hopper 80 GB ... $2.64 /hr Spot $2.07 /hr", up to the next card or at most so many letters.
CARD = re.compile(
    rf"(?P<gpu>{GPU_NAME}) (?:Blackwell(?: Ultra)?|(?:Grace )?Hopper|Ampere|Ada(?: Lovelace)?|CDNA ?\d?)"
    r" (?P<memory>\d+ ?GB)"
)
CARD_LENGTH = 240
PRICE = re.compile(r"(?P<spot>Spot )?(?P<price>\$\d+\.\d+) ?/ ?hr")


def offers(text: str) -> Iterator[Offer]:
    """Each card with a price once, the first where the page repeats it."""
    cards = [*CARD.finditer(text)]
    next_starts = [card.start() for card in cards[1:]] + [len(text)]
    seen: set[str] = set()
    for card, next_start in zip(cards, next_starts, strict=True):
        name = f"{card['gpu']} {card['memory']}"
        prices = _prices(text[card.end() : min(card.end() + CARD_LENGTH, next_start)])
        if prices and name not in seen:
            seen.add(name)
            yield Offer(
                instance_type=name,
                gpu_name=card["gpu"],
                gpu_memory_gb=memory_gb(card["memory"]),
                price=prices.get(False),
                price_spot=prices.get(True),
                currency="USD",
                price_unit="gpu_hour",
            )


def _prices(text: str) -> dict[bool, Decimal | None]:
    """Whether spot -> the price."""
    return {bool(found["spot"]): money(found["price"]) for found in PRICE.finditer(text)}
