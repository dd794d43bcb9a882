"""Yotta Labs: the GPUs of its price page, at the lowest price of any region.

Prices are USD per GPU-hour before tax; storage is charged separately, network traffic is free.  The page's markup is
unknown: the price after each GPU's name is read, where the page states it per hour.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "yotta-labs",
    "Yotta Labs",
    pricing_url="https://www.yottalabs.ai/pricing",
    source_class="price_page",
    minimum_offers=3,
    must_have=("h200-sxm", "rtx-5090"),
)
SOURCE = HtmlCards("https://www.yottalabs.ai/pricing", unit_above=True, fixed={"price_unit": "gpu_hour"})
