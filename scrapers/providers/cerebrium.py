"""Cerebrium: the GPUs of its price page.

Prices are USD per GPU-second before tax for the GPU alone: processor cores and memory are charged separately, by the
second, and storage by the month.  Serverless: an app with one GPU is billed while it is built, starts its model or
answers; waiting for a machine is free.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "cerebrium",
    "Cerebrium",
    pricing_url="https://www.cerebrium.ai/pricing",
    source_class="price_page",
    minimum_offers=5,
    must_have=("l4", "t4"),
)
SOURCE = HtmlCards(
    "https://www.cerebrium.ai/pricing",
    per="second",
    fixed={"gpu_count": 1, "price_unit": "gpu_second", "price_basis": "gpu_only", "billing_increment_seconds": 1},
)
