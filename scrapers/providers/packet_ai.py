"""Packet.ai: the GPU cards of its home page.

Prices are USD per GPU-hour before tax, vCPUs and RAM included.  The provider says that compatible workloads may share a
GPU; the page does not say whether a card's price is for a whole GPU.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "packet-ai",
    "Packet.ai",
    pricing_url="https://packet.ai",
    source_class="price_page",
    minimum_offers=2,
)
SOURCE = HtmlCards("https://packet.ai/", fixed={"price_unit": "gpu_hour"})
