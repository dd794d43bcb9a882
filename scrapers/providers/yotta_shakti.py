"""Yotta Shakti Cloud: the GPUs of its price page, from single virtual machines to bare metal.

Prices are INR per GPU-hour before tax.  The page also has serverless prices for the same GPUs, without a unit: only a
price with the hour beside it is read.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "yotta-shakti",
    "Yotta Shakti Cloud",
    pricing_url="https://shakticloud.ai/pricing",
    source_class="price_page",
    minimum_offers=2,
    must_have=("l40s",),
)
SOURCE = HtmlCards("https://shakticloud.ai/pricing", currency="INR", fixed={"price_unit": "gpu_hour"})
