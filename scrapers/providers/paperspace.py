"""Paperspace (DigitalOcean): the machine types of its API, with a key (sent as a bearer token).

Prices are US dollars per machine-hour before tax; disks are extra.  A machine's label ends in the number of its
GPUs, if there are more ("A100-80Gx8"); "A100" alone has 40 GB, "RTX4000" and "RTX5000" are Quadros, and "GPU+" is
one Quadro M4000.
"""

import re
from collections.abc import Iterator
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.parse import names_gpu
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Json, Paged

PROVIDER = Provider(
    "paperspace",
    "Paperspace (DigitalOcean)",
    pricing_url="https://www.paperspace.com/pricing",
    needs_key=True,
    minimum_offers=2,
)
_URL = "https://api.paperspace.com/v1/machine-types"
_HEADERS = {"Authorization": "Bearer {key}"}


def _following(page: Any) -> Json | None:
    return Json(f"{_URL}?after={page['nextPage']}", _HEADERS) if page.get("hasMore") else None


SOURCE = Paged(Json(_URL, _HEADERS), _following)

_LABEL = re.compile(r"(?P<model>.+?)(?:x(?P<count>\d+))?")
_MODELS = {
    "A100": "A100 40GB",
    "GPU+": "Quadro M4000",
    "RTX4000": "Quadro RTX 4000",
    "RTX5000": "Quadro RTX 5000",
}


def _rows(pages: Any) -> Iterator[Record]:
    return (kind for page in records(pages) for kind in page.records("items"))


def _key(kind: Record) -> tuple[str, str]:
    return kind.text("label"), ""


def _read(kind: Record) -> Draft | LeftOut:
    name = kind.text("label")
    has_none = kind.is_null("gpu") or kind.text("gpu") == "None"
    if has_none and not names_gpu(name):
        return LeftOut("no_gpu", name)
    rates = [rate for rate in kind.records("defaultUsageRates") if rate.text("type") == "hourly"]
    if not rates:
        return LeftOut("no_price", name)
    label = _LABEL.fullmatch(name)
    if not label:
        raise ValueError(f"{name!r} is not a machine type, such as 'A100-80Gx8'")
    regions = kind.records("availability", [])
    free = tuple(region.text("region") for region in regions if region.flag("isAvailable"))
    return Draft(
        instance_type=name,
        gpu_name=_MODELS.get(label["model"], label["model"]),
        gpu_count=int(label["count"] or 1),
        available_regions=free,
        price=rates[0].price("rate"),
        currency="USD",
        price_unit="instance_hour",
        availability=("available" if free else "sold_out") if "availability" in kind else None,
        vcpu_count=kind.count("cpus", None),
        ram_gb=round(kind.number("ram", 0) / 1024**3, 2) or None,
    )


offers = RowParser("a machine type", _rows, _read, _key)
