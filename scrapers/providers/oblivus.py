"""Oblivus: the GPUs of its price page.

Prices are USD per GPU-hour before tax.  The page's markup is unknown: the price after each GPU's name is read, where
the page states it per hour.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "oblivus", "Oblivus", pricing_url="https://oblivus.com/pricing/", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlCards("https://oblivus.com/pricing/", unit_above=True, fixed={"price_unit": "gpu_hour"})
