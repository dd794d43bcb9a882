"""Baseten: the GPU instances of its price page.

Prices are USD per minute for an instance with one GPU, before tax, vCPUs and RAM included, billed while a replica is
up or starting.  One rents an instance that serves or trains a model on Baseten's platform, not a machine: the price
includes the platform, and is marked as a bundle.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "baseten",
    "Baseten",
    pricing_url="https://www.baseten.co/pricing/",
    source_class="price_page",
    minimum_offers=4,
    must_have=("l4", "t4"),
)
SOURCE = HtmlCards(
    "https://www.baseten.co/pricing/",
    per="minute",
    unit_above=True,  # "H100 80 GiB VRAM $0.10833": the unit stands over the list
    fixed={"gpu_count": 1, "price_unit": "instance_minute", "price_basis": "bundle", "billing_increment_seconds": 60},
)
