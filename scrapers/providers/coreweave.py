"""CoreWeave: the GPU instances of its price page, by region.

Prices are USD per instance-hour before tax, mostly for machines with 8 GPUs.  The page states each row twice, for
wide and narrow screens; the labelled figures of the narrow one are read.  A figure may have the number of a
footnote ("4^1"), which is left out.  The inference price is for another product.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement

from scrapers.offer import Draft, Provider, StatedPrice
from scrapers.parse import count, memory_gb, price_or_why
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Html
from scrapers.visible_text import is_visible, visible_text

PROVIDER = Provider(
    "coreweave",
    "CoreWeave",
    pricing_url="https://www.coreweave.com/pricing",
    source_class="price_page",
    minimum_offers=5,
)
SOURCE = Html("https://www.coreweave.com/pricing")


_Row = tuple[str, HtmlElement]


def _rows(page: HtmlElement) -> Iterator[_Row]:
    """The rows with figures, each with the region whose heading it follows."""
    region = ""
    for element in filter(is_visible, page.cssselect("h5, [role=listitem]")):
        heading = visible_text(element)
        if heading.startswith("REGION:"):
            region = heading.removeprefix("REGION:").strip()
        elif _figures(element):
            yield region, element


def _figures(row: HtmlElement) -> dict[str, str]:
    """The figures by their label."""
    pairs = ((cell.getnext(), visible_text(cell)) for cell in row.cssselect(".table-meta-value"))
    return {visible_text(label): figure for label, figure in pairs if label is not None}


def _key(row: _Row) -> tuple[str, str]:
    region, element = row
    return visible_text(element.cssselect("h3")[0]), region


def _read(row: _Row) -> Draft | LeftOut:
    (region, element), (name, _) = row, _key(row)
    figures = _figures(element)
    if "GPU Count" not in figures:  # the tables of CPU machines below have none
        return LeftOut("no_gpu", name)
    on_demand, spot = _price(element, ".instance-price"), _price(element, ".spot-price")
    storage = figures.get("Local Storage (TB)")
    return Draft(
        instance_type=name,
        gpu_name=name.partition(" (")[0],  # "(High Memory)" is the machine's, not the GPU's
        gpu_count=count(figures["GPU Count"]),
        gpu_memory_gb=memory_gb(figures.get("VRAM")),
        region=region,
        price=on_demand,
        price_spot=spot,
        availability=None if on_demand or spot else "contact_sales",
        vcpu_count=count(figures.get("vCPUs")),
        ram_gb=memory_gb(figures.get("System RAM")),
        storage_gb=int(memory_gb(f"{storage}TB") or 0) if storage else None,
        currency="USD",
        price_unit="instance_hour",
    )


def _price(row: HtmlElement, kind: str) -> StatedPrice:
    return price_or_why(" ".join(map(visible_text, filter(is_visible, row.cssselect(f"{kind} .item-value")))))


offers = RowParser("a machine in a region", _rows, _read, _key)
