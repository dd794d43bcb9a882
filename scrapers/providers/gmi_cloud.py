"""GMI Cloud: the GPU cards of its price page.

Prices are USD per GPU-hour before tax and the lowest that it lets a GPU for ("from $2.00"): what one is offered may be
higher, and of how many GPUs a machine has, the page says nothing.  Network and storage are charged apart.  A GPU to
order in advance has no price and is left out.
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
