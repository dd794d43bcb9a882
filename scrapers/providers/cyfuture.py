"""Cyfuture AI: the GPUs of its GPU cloud's page.

Prices are INR per GPU-hour before tax, on demand.  The page's markup is not known: what is read is the price behind
each GPU's name that has its unit beside it.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "cyfuture", "Cyfuture AI", pricing_url="https://cyfuture.ai/gpu-cloud", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlCards("https://cyfuture.ai/gpu-cloud", currency="INR", fixed={"price_unit": "gpu_hour"})
