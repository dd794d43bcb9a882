"""TensorDock: the tables of its cloud page, a GPU's name at the head of each row.

Prices are USD per GPU-hour before tax for the GPU alone: vCPUs, RAM and disk are billed separately, at each host's
rates.  Each price is the lowest of the marketplace.  The API with the hosts' own prices needs a key.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Draft, Provider
from scrapers.parse import GPU_NAME, PRICE, memory_gb, money
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "tensordock",
    "TensorDock",
    pricing_url="https://www.tensordock.com/cloud-gpus.html",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://www.tensordock.com/cloud-gpus.html")

# "H100 SXM5 80GB"; rows of vCPUs, RAM and disk look different.
_NAME = re.compile(rf"(?P<gpu>{GPU_NAME})(?: (?P<memory>\d+ ?GB))?")


def _rows(page: HtmlElement) -> Iterator[HtmlElement]:
    return filter(is_visible, page.xpath("//tr[th and td]"))


def _key(row: HtmlElement) -> tuple[str, str]:
    return visible_text(row.xpath("./th")[0]), ""


def _read(row: HtmlElement) -> Draft | LeftOut:
    instance_type, _ = _key(row)
    name = _NAME.fullmatch(instance_type)
    if not name:
        return LeftOut("other_product", instance_type)
    prices = [words for cell in row.xpath("./td") if re.search(PRICE, words := visible_text(cell))]
    if not prices:
        return LeftOut("no_price", instance_type)
    return Draft(
        instance_type=instance_type,
        gpu_name=name["gpu"],
        gpu_memory_gb=memory_gb(name["memory"]),
        price=money(prices[0]),
        price_basis="gpu_only",
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a row of a table", _rows, _read, _key)
