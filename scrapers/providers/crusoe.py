"""Crusoe Cloud: the section "GPU instances pricing" of its price page.

Prices are USD per GPU-hour before tax: on demand, then the current spot price; "Contact sales" where it has none
to show.  Memory and form factor stand beside the GPU's name ("NVIDIA A100", "80GB", "SXM").  The same rows
further down, without "/GPU-hr", are other products.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Offer, Provider
from scrapers.parse import memory_gb, money
from scrapers.sources import Html
from scrapers.words import is_seen, words_of

PROVIDER = Provider(
    "crusoe",
    "Crusoe",
    pricing_url="https://www.crusoe.ai/cloud/pricing",
    source_class="price_page",
    minimum_offers=4,
)
SOURCE = Html("https://www.crusoe.ai/cloud/pricing")

SECTION = "GPU instances pricing"


def offers(page: HtmlElement) -> Iterator[Offer]:
    """Each row of the GPU section.  Raises ValueError without that section, or for a price in another unit."""
    for row in filter(is_seen, _section(page).cssselect("[role=listitem]")):
        tags = [words_of(tag) for tag in row.cssselect(".pricing-tag")]
        name = " ".join(filter(None, [words_of(row.cssselect("h4")[0]), *tags]))
        on_demand, spot = (_per_gpu(cell) for cell in filter(is_seen, row.cssselect(".pricing-rich")))
        yield Offer(
            instance_type=name,
            gpu_name=name,
            gpu_memory_gb=memory_gb(tags[0]) if tags else None,
            price=money(on_demand),
            price_spot=money(spot),
            availability=None if money(on_demand) or money(spot) else "contact_sales",
            currency="USD",
            price_unit="gpu_hour",
        )


def _section(page: HtmlElement) -> HtmlElement:
    for section in page.cssselect(".pricing-dd"):
        if any(words_of(heading) == SECTION for heading in section.cssselect("h3")):
            return section
    raise ValueError(f"no section {SECTION!r} in the page")


def _per_gpu(cell: HtmlElement) -> str:
    text = words_of(cell)
    if "$" in text and not text.endswith("/GPU-hr"):
        raise ValueError(f"{text!r} is not a price per GPU-hour")
    return text
