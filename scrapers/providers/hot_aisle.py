"""Hot Aisle: the plans of its price page.

Prices are USD per GPU-hour before tax.  Virtual machines are billed by the minute; bare metal is rented for a month at
least, at a price per hour: a month counts 730 hours here.
"""

import re
from collections.abc import Iterator

from scrapers.offer import Draft, Provider
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH
from scrapers.prices_in_text import price_after, segments
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import HtmlText

PROVIDER = Provider(
    "hot-aisle", "Hot Aisle", pricing_url="https://hotaisle.xyz/pricing/", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlText("https://hotaisle.xyz/pricing/")

# "VM Medium 2x & 4x MI300x $2.99/GPU/hr": one card for two sizes.
_HEAD = re.compile(r"(?P<kind>VM|Bare metal) (?P<plan>[A-Z]\w+) (?P<sizes>\d+x(?: & \d+x)*) (?P<gpu>MI\d{3}[Xx])")

_Row = tuple[re.Match[str], str, int]


def _rows(text: str) -> Iterator[_Row]:
    for head, words in segments(_HEAD, text):
        for size in re.findall(r"\d+", head["sizes"]):
            yield head, words, int(size)


def _key(row: _Row) -> tuple[str, str]:
    head, _, gpus = row
    return f"{head['kind']} {head['plan']} {gpus}x {head['gpu']}", ""


def _read(row: _Row) -> Draft | LeftOut:
    (head, words, gpus), (name, _) = row, _key(row)
    price = price_after(words, within=20)
    if not price:
        return LeftOut("no_price", name)
    by_the_month = head["kind"] == "Bare metal"
    return Draft(
        instance_type=name,
        gpu_name=head["gpu"].upper(),
        gpu_count=gpus,
        price=None if by_the_month else price,
        price_month=price * gpus * HOURS_PER_MONTH if by_the_month else None,
        min_rental_hours=HOURS_PER_MONTH if by_the_month else None,
        billing_increment_seconds=None if by_the_month else 60,
        currency="USD",
        price_unit="gpu_hour",
    )


offers = RowParser("a size of a plan", _rows, _read, _key)
