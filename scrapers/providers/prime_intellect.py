"""Prime Intellect: the availability list of its API, with a key.

It resells other clouds.  Prices are USD per hour for the whole configuration, before tax; a spot configuration, too,
has its price under "onDemand".  The upstream cloud is part of the instance type ("lambdalabs:gpu_1x_h100_sxm5").
"""

from dataclasses import dataclass, replace
from typing import Any

from scrapers.offer import Draft, Provider
from scrapers.records import Record, records
from scrapers.row_parser import LeftOut, RowParser
from scrapers.sources import Fetch, Json
from scrapers.upstreams import upstream

PROVIDER = Provider(
    "prime-intellect",
    "Prime Intellect",
    pricing_url="https://app.primeintellect.ai",
    source_class="marketplace_api",
    needs_key=True,
    minimum_offers=3,
)
PAGE_SIZE, PAGES = 100, 100


@dataclass(frozen=True, slots=True)
class Numbered:
    """Numbered pages, until there are as many items as the answer counts; yields all items."""

    first: Json

    async def document(self, fetch: Fetch) -> list[Any]:
        """The items of all pages.  Raises ValueError where pages are missing."""
        items: list[Any] = []
        for number in range(1, PAGES + 1):
            url = self.first.url.replace("page=1&", f"page={number}&")
            page = await replace(self.first, url=url).document(fetch)
            items += page["items"]
            if not page["items"] or len(items) >= page["totalCount"]:
                break
        if len(items) < page["totalCount"]:
            raise ValueError(f"{len(items)} configurations of {page['totalCount']}")
        return items


SOURCE = Numbered(
    Json(
        f"https://api.primeintellect.ai/api/v1/availability/gpus?page=1&page_size={PAGE_SIZE}",
        headers={"Authorization": "Bearer {key}"},
    )
)


def _key(item: Record) -> tuple[str, str]:
    name = item.text("cloudId", None) or f"{item.count('gpuCount')}x {_gpu(item)}"
    place = item.text("dataCenter", None) or item.text("country", None) or item.text("region", "")
    return ":".join(filter(None, (item.text("provider", ""), name))), place


def _gpu(item: Record) -> str:
    return f"{item.text('gpuType')} {item.text('socket', '')}".strip()


def _upstream(item: Record) -> str | None:
    name = item.text("provider", None)
    return name and upstream(PROVIDER.slug, name)


def _read(item: Record) -> Draft | LeftOut:
    """The draft of a row, which is a configuration in a data centre, on demand or as spot."""
    if not item.count("gpuCount"):  # CPU nodes are listed too
        return LeftOut("no_gpu", item.text("cloudId", ""))
    name, place = _key(item)
    prices = item.record("prices")
    price = prices.price("onDemand", None) or prices.price("communityPrice", None)
    if price is None:
        return LeftOut("no_price", name)
    is_spot = item.flag("isSpot", False)
    return Draft(
        instance_type=name,
        gpu_name=_gpu(item),
        gpu_count=item.count("gpuCount"),
        gpu_memory_gb=item.number("gpuMemory", None),
        region=place,
        upstream=_upstream(item),
        price=None if is_spot else price,
        price_spot=price if is_spot else None,
        availability=item.availability("stockStatus"),
        vcpu_count=item.record("vcpu", {}).count("defaultCount", None),
        ram_gb=item.record("memory", {}).number("defaultCount", None),
        currency=prices.text("currency", "USD"),
        price_unit="instance_hour",
    )


offers = RowParser("a configuration in a data centre", records, _read, _key)
