"""Qubrid AI: the GPU instances of its price page, on demand.

Prices are USD per GPU-hour before tax, vCPUs and RAM included.  The prices for a week, a month, three months or a year
that follow the one on demand are left out.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlCards

PROVIDER = Provider(
    "qubrid",
    "Qubrid AI",
    pricing_url="https://platform.qubrid.com/pricing",
    source_class="price_page",
    minimum_offers=3,
    must_have=("h100-sxm",),
)
SOURCE = HtmlCards("https://platform.qubrid.com/pricing", unit_above=True, fixed={"price_unit": "gpu_hour"})
