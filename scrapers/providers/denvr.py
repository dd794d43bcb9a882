"""Denvr Dataworks: the GPU machines of its price page.

Prices are USD per GPU-hour before tax, for machines of several GPUs: "NVIDIA H100 SXM 8 80 GB ... $2.45 / GPU".  A GPU
that is let by reservation only has no price there and is left out.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "denvr",
    "Denvr Dataworks",
    pricing_url="https://www.denvrdata.com/pricing",
    source_class="price_page",
    minimum_offers=1,
)
SOURCE = HtmlCards("https://www.denvrdata.com/pricing", unit_above=True, within=100, fixed={"price_unit": "gpu_hour"})
