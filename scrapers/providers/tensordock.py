"""TensorDock: the GPUs of its cloud page.

Prices are USD per GPU-hour before tax for the GPU alone: vCPUs, RAM and disk are billed apart, at each host's rates.
A figure is the lowest of the marketplace.  The API with the hosts' own prices wants a key.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, memory_gb, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "tensordock",
    "TensorDock",
    pricing_url="https://www.tensordock.com/cloud-gpus.html",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = HtmlText("https://www.tensordock.com/cloud-gpus.html")

# A GPU's name and the first hourly price after it, with no other name and no other price between them.
CARD = re.compile(
    rf"(?P<gpu>{GPU_NAME})(?P<between>(?:(?!{GPU_NAME}|\$).){{0,160}}?)"
    r"(?P<price>\$\d+\.\d+) ?(?:/|per )(?:GPU[/ -])?h(?:ou)?r"
)
MEMORY = re.compile(r"\d+ ?GB")


def offers(text: str) -> Iterator[Offer]:
    """Each GPU once, the first price where the page repeats it."""
    cards: dict[str, re.Match[str]] = {}
    for card in CARD.finditer(text):
        memory = MEMORY.search(card["between"])
        cards.setdefault(f"{card['gpu']} {memory[0]}" if memory else card["gpu"], card)
    for name, card in cards.items():
        yield Offer(
            instance_type=name,
            gpu_name=card["gpu"],
            gpu_memory_gb=memory_gb(name.removeprefix(card["gpu"])),
            price=money(card["price"]),
            price_basis="gpu_only",
            currency="USD",
            price_unit="gpu_hour",
        )
