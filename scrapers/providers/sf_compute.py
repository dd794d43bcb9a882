"""San Francisco Compute: an order book; its public price page carries a month of daily averages.

Prices are US dollars per GPU-hour traded that day, before tax, for nodes of eight GPUs bought by the hour.  The
series stand in the data the page carries for its script; a day of zero had no trade.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import lxml.html

from scrapers.flight import flight_rows, values_of
from scrapers.offer import Offer, Provider
from scrapers.parse import money
from scrapers.sources import Html

PROVIDER = Provider(
    "sf-compute",
    "San Francisco Compute",
    pricing_url="https://sfcompute.com/prices",
    source_class="price_page",
)
SOURCE = Html("https://sfcompute.com/prices")

GPUS_PER_NODE = 8
RECENT_DAYS = 3


def offers(page: lxml.html.HtmlElement) -> Iterator[Offer]:
    """One offer of each GPU that was traded in the last three days listed.  Raises ValueError without series."""
    rows = flight_rows("\n".join(script.text or "" for script in page.iter("script")))
    markets = next(values_of(rows, "pricesByHardwareType"), None)
    if markets is None:
        raise ValueError('no "pricesByHardwareType" in the page\'s data')
    for gpu, days in markets.items():
        price = _last_traded(days)
        if price:
            yield Offer(
                instance_type=f"{GPUS_PER_NODE}x {gpu.lower()}",
                gpu_name=gpu,
                gpu_count=GPUS_PER_NODE,
                price_spot=price,
                currency="USD",
                price_unit="gpu_hour",
                min_rental_hours=1,
                price_includes={"statistic": "daily average"},
            )


def _last_traded(days: Sequence[Mapping[str, Any]]) -> Decimal | None:
    newest = sorted(days, key=lambda day: day.get("date", ""), reverse=True)[:RECENT_DAYS]
    return next((price for day in newest if (price := money(day["avg"]))), None)
