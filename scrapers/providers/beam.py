"""Beam: the GPUs of its price page.

Prices are USD per GPU-second before tax for the GPU alone: processor cores and memory are charged separately, by the
second; files are free.  Serverless: a container with one GPU is billed while it runs or is kept warm; starting a
machine and loading an image are free.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "beam",
    "Beam",
    pricing_url="https://www.beam.cloud/pricing",
    source_class="price_page",
    minimum_offers=2,
    must_have=("rtx-4090",),
)
SOURCE = HtmlCards(
    "https://www.beam.cloud/pricing",
    per="second",
    fixed={"gpu_count": 1, "price_unit": "gpu_second", "price_basis": "gpu_only", "billing_increment_seconds": 1},
)
