"""Lyceum: the prices that a price tracker has of it.

Prices are USD per GPU-hour as the tracker states them.  No price page of the provider is known, so nothing is fetched:
the recording is a table of single prices, with their date.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlTable

PROVIDER = Provider("lyceum", "Lyceum", pricing_url="https://lyceum.technology", source_class="stated")
SOURCE = HtmlTable(
    "https://lyceum.technology",
    columns={"gpu_name": "GPU", "gpu_count": "GPUs", "price": "USD per GPU-hour"},
    fixed={"currency": "USD", "price_unit": "gpu_hour"},
)
