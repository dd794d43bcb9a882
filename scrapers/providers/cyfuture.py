"""Cyfuture AI: the page of its GPU cloud.

Prices are INR per GPU-hour before tax, on demand.  The page's markup is unknown: the price after each GPU's name is
read, where its unit stands beside it.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "cyfuture", "Cyfuture AI", pricing_url="https://cyfuture.ai/gpu-cloud", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlCards("https://cyfuture.ai/gpu-cloud", currency="INR", fixed={"price_unit": "gpu_hour"})
