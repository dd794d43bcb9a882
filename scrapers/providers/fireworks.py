"""Fireworks AI: the GPUs of its dedicated deployments.

Prices are USD per GPU-hour before tax, billed by the second while a replica is up, even without requests.  One can't
rent the GPU itself: a deployment serves a model with Fireworks' own engine, which the price includes, so that it is
marked as a bundle.  Prices per token and for fine-tuning are for other products.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "fireworks",
    "Fireworks AI",
    pricing_url="https://fireworks.ai/pricing",
    source_class="price_page",
    minimum_offers=2,
    must_have=("h200-sxm", "b200-sxm"),
)
SOURCE = HtmlCards(
    "https://fireworks.ai/pricing",
    unit_above=True,
    fixed={"price_unit": "gpu_hour", "price_basis": "bundle", "billing_increment_seconds": 1},
)
