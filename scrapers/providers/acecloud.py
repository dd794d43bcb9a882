"""AceCloud: the monthly prices of its GPU page.

Prices are INR per month before tax, of one GPU, as the recording's source takes the page's "HGX H100"; of how many a
machine has, the page does not say.  Its markup is not known: what is read is the price behind each GPU's name, where
the page states it per month.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "acecloud", "AceCloud", pricing_url="https://acecloud.ai/cloud/gpu", source_class="price_page", minimum_offers=1
)
SOURCE = HtmlCards(
    "https://acecloud.ai/cloud/gpu", currency="INR", per="month", unit_above=True, fixed={"price_unit": "gpu_hour"}
)
