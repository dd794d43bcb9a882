"""Gcore: the GPUs of its AI price page.

Prices are USD per GPU-hour before tax; how many GPUs a machine has, the page does not say.  Its markup is not known:
what is read is the price behind each GPU's name, where the page states it per hour.  A page in euros is refused, not
converted.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "gcore", "Gcore", pricing_url="https://gcore.com/pricing/ai", source_class="price_page", minimum_offers=2
)
SOURCE = HtmlCards("https://gcore.com/pricing/ai", unit_above=True, fixed={"price_unit": "gpu_hour"})
