"""AceCloud: the monthly prices of its GPU page.

Prices are INR per month before tax, for one GPU, as the recording's source understands the page's "HGX H100"; the page
does not say how many GPUs a machine has.  Its markup is unknown: the price after each GPU's name is read, where the
page states it per month.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "acecloud", "AceCloud", pricing_url="https://acecloud.ai/cloud/gpu", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlCards(
    "https://acecloud.ai/cloud/gpu", currency="INR", per="month", unit_above=True, fixed={"price_unit": "gpu_hour"}
)
