"""Genesis Cloud: the GPUs of its price page.

Prices are USD per GPU-hour before tax, vCPUs and RAM included, billed by the minute; volumes, snapshots and addresses
are charged separately.  The page's markup is unknown: the price after each GPU's name is read.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "genesis-cloud",
    "Genesis Cloud",
    pricing_url="https://www.genesiscloud.com/pricing",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = HtmlCards(
    "https://www.genesiscloud.com/pricing",
    unit_above=True,
    fixed={"price_unit": "gpu_hour", "billing_increment_seconds": 60},
)
