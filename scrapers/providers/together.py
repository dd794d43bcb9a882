"""Together AI: the on-demand prices of the section "GPU Clusters" of its price page.

Prices are USD per GPU-hour before tax; the section does not say how many GPUs a machine has.  The one above
("Dedicated Inference"), with the same GPUs at other prices for serving models only, is left out, and so are the prices
of reservations for some weeks.
"""

from scrapers.offer import Provider
from scrapers.sources import HtmlTable

PROVIDER = Provider(
    "together",
    "Together AI",
    pricing_url="https://www.together.ai/pricing",
    source_class="price_page",
    minimum_offers=3,
    must_have=("h100-sxm", "h200-sxm"),
)
SOURCE = HtmlTable(
    "https://www.together.ai/pricing",
    # The section also has a hidden table, without a column "ON-Demand".
    rows='#gpu-clusters ~ div table:has(th:contains("ON-Demand")) tbody tr',
    columns={"instance_type": "Hardware", "gpu_name": "Hardware", "price": "ON-Demand"},
    fixed={"currency": "USD", "price_unit": "gpu_hour"},
)
