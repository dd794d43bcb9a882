"""Gcore: the GPUs of its AI price page.

Prices are USD per GPU-hour before tax; the page does not say how many GPUs a machine has.  Its markup is unknown: the
price after each GPU's name is read, where the page states it per hour.  A page in euros is refused, not converted.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "gcore", "Gcore", pricing_url="https://gcore.com/pricing/ai", source_class="price_page", minimum_offers=2
)
SOURCE = HtmlCards("https://gcore.com/pricing/ai", unit_above=True, fixed={"price_unit": "gpu_hour"})
