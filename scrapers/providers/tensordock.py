"""TensorDock: the tables of its cloud page, a GPU's name at the head of each row.

Prices are USD per GPU-hour before tax for the GPU alone: vCPUs, RAM and disk are billed apart, at each host's rates.
A figure is the lowest of the marketplace.  The API with the hosts' own prices wants a key.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Offer, Provider
from scrapers.parse import GPU_NAME, PRICE, memory_gb, money, text_of
from scrapers.sources import Html

PROVIDER = Provider(
    "tensordock",
    "TensorDock",
    pricing_url="https://www.tensordock.com/cloud-gpus.html",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://www.tensordock.com/cloud-gpus.html")

# "H100 SXM5 80GB"; rows of vCPUs, RAM and disk are of another form.
NAME = re.compile(rf"(?P<gpu>{GPU_NAME})(?: (?P<memory>\d+ ?GB))?")


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each GPU with a price in dollars once, the first where the page repeats it."""
    seen: set[str] = set()
    for row in page.xpath("//tr[th and td]"):
        name = NAME.fullmatch(text_of(row.xpath("./th")[0]))
        prices = [text for cell in row.xpath("./td") if re.search(PRICE, text := text_of(cell))]
        if name and prices and name[0] not in seen:
            seen.add(name[0])
            yield Offer(
                instance_type=name[0],
                gpu_name=name["gpu"],
                gpu_memory_gb=memory_gb(name["memory"]),
                price=money(prices[0]),
                price_basis="gpu_only",
                currency="USD",
                price_unit="gpu_hour",
            )
