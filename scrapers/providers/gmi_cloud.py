"""GMI Cloud: the GPU cards of its price page.

Prices are USD per GPU-hour before tax, and the lowest at which a GPU is rented out ("from $2.00"): an actual price may
be higher.  The page does not say how many GPUs a machine has.  Network and storage are charged separately.  A GPU on
pre-order has no price and is left out.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "gmi-cloud",
    "GMI Cloud",
    pricing_url="https://www.gmicloud.ai/en/pricing",
    source_class="price_page",
    minimum_offers=2,
    must_have=("h200-sxm",),
)
SOURCE = HtmlCards("https://www.gmicloud.ai/en/pricing", fixed={"price_unit": "gpu_hour"})
