"""Paperspace (DigitalOcean): the machine types of its API, with a key (sent as a bearer token).

Prices are US dollars per machine-hour before tax; disks are extra.  A machine's label ends in the number of its
GPUs, if there are more ("A100-80Gx8"); "A100" alone has 40 GB, "RTX4000" and "RTX5000" are Quadros, and "GPU+" is
one Quadro M4000.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scrapers.offer import Offer, Provider
from scrapers.parse import money
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


def offers(pages: Any) -> Iterator[Offer]:
    """Each machine type with GPUs and an hourly rate."""
    for kind in (kind for page in pages for kind in page["items"]):
        price = next((money(rate["rate"]) for rate in kind["defaultUsageRates"] if rate["type"] == "hourly"), None)
        if kind.get("gpu") not in (None, "None") and price:
            yield _offer(kind, price)


def _offer(kind: Mapping[str, Any], price: Decimal) -> Offer:
    label = _LABEL.fullmatch(kind["label"])
    if not label:
        raise ValueError(f"{kind['label']!r:.80} is not a machine type, such as 'A100-80Gx8'")
    regions = kind.get("availability")
    free = [region["region"] for region in regions or () if region["isAvailable"]]
    return Offer(
        instance_type=kind["label"],
        gpu_name=_MODELS.get(label["model"], label["model"]),
        gpu_count=int(label["count"] or 1),
        available_regions=tuple(free),
        price=price,
        currency="USD",
        price_unit="instance_hour",
        availability=None if regions is None else "available" if free else "sold_out",
        vcpu_count=kind.get("cpus"),
        ram_gb=round(Decimal(kind["ram"]) / 1024**3, 2) if kind.get("ram") else None,
    )
