"""San Francisco Compute: an order book; its public price page has the daily averages of a month.

The average of a day's trades is not an offer: nobody can rent at it.  The current asks are shown to members only.  So
the provider is listed without a price; the page is read to see whether that is still so.
"""

from collections.abc import Iterator

import lxml.html

from scrapers.nextjs_data import flight_rows, values_of
from scrapers.offer import Draft, Provider
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html

PROVIDER = Provider(
    "sf-compute",
    "San Francisco Compute",
    pricing_url="https://sfcompute.com/prices",
    source_class="price_page",
    minimum_offers=0,
)
SOURCE = Html("https://sfcompute.com/prices")


def _rows(page: lxml.html.HtmlElement) -> Iterator[str]:
    """The GPUs with a series of prices.  Raises ValueError where the page has none."""
    rows = flight_rows("\n".join(script.text or "" for script in page.iter("script")))
    markets = next(values_of(rows, "pricesByHardwareType"), None)
    if markets is None:
        raise ValueError('no "pricesByHardwareType" in the page\'s data')
    return iter(markets)


def _read(gpu: str) -> Draft | LeftOut:
    return LeftOut("average", gpu)


offers = RowParser("a GPU's series of daily averages", _rows, _read)
