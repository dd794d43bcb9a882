"""fal: the table of GPUs of its price page, at their list price.

Prices are USD per GPU-hour before tax, billed by the second while an app runs on a GPU of fal's serverless machines,
whose vCPUs and RAM are included.  "As low as" is a price under contract and is left out.  The page's other tables are
for models, priced per image or per second of video.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlTable

PROVIDER = Provider(
    "fal",
    "fal",
    pricing_url="https://fal.ai/pricing",
    source_class="price_page",
    minimum_offers=3,
    must_have=("h200-sxm", "b200-sxm"),
)
SOURCE = HtmlTable(
    "https://fal.ai/pricing",
    rows='table:has(th:contains("List Price")) tbody tr',
    columns={"instance_type": "GPU", "gpu_name": "GPU", "gpu_memory_gb": "VRAM", "price": "List Price"},
    fixed={"gpu_count": 1, "currency": "USD", "price_unit": "gpu_hour", "billing_increment_seconds": 1},
)
