"""Hot Aisle: the plans of its price page.

Prices are USD per GPU-hour before tax.  Virtual machines are billed by the minute; bare metal is let by the month at
least, at a price per hour: a month counts 730 hours here.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from scrapers.offer import Offer, Provider
from scrapers.parse import PRICE, money
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "hot-aisle", "Hot Aisle", pricing_url="https://hotaisle.xyz/pricing/", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlText("https://hotaisle.xyz/pricing/")

# "VM Medium 2x & 4x MI300x $2.99/GPU/hr": one card for two sizes.
CARD = re.compile(
    r"(?P<kind>VM|Bare metal) (?P<plan>[A-Z]\w+) (?P<sizes>\d+x(?: & \d+x)*) (?P<gpu>MI\d{3}[Xx])"
    rf" (?P<price>{PRICE})/GPU/hr"
)
HOURS_A_MONTH = 730


def offers(text: str) -> Iterator[Offer]:
    """Each size of each plan."""
    for card in CARD.finditer(text):
        for size in re.findall(r"\d+", card["sizes"]):
            yield _offer(card, int(size))


def _offer(card: re.Match[str], gpus: int) -> Offer:
    price = money(card["price"]) or Decimal(0)
    by_the_month = card["kind"] == "Bare metal"
    return Offer(
        instance_type=f"{card['kind']} {card['plan']} {gpus}x {card['gpu']}",
        gpu_name=card["gpu"].upper(),
        gpu_count=gpus,
        price=None if by_the_month else price,
        price_month=price * gpus * HOURS_A_MONTH if by_the_month else None,
        min_rental_hours=HOURS_A_MONTH if by_the_month else None,
        billing_increment_seconds=None if by_the_month else 60,
        currency="USD",
        price_unit="gpu_hour",
    )
