"""Theta EdgeCloud: the GPU nodes of its price page.

Prices are USD per GPU-hour before tax; a node with several GPUs costs as many times that.  The page's markup is
unknown: the price after each GPU's name is read, where the page states it per hour.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "theta-edgecloud",
    "Theta EdgeCloud",
    pricing_url="https://www.thetaedgecloud.com/pricing",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = HtmlCards("https://www.thetaedgecloud.com/pricing", unit_above=True, fixed={"price_unit": "gpu_hour"})
