"""Prime Intellect: the availability list of its API, with a key.

Resells other clouds.  Prices are USD per hour for the whole configuration, before tax; a spot configuration states
its price under "onDemand" too.  The upstream cloud is part of the instance type ("lambdalabs:gpu_1x_h100_sxm5").
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from scrapers.offer import Availability, Offer, Provider
from scrapers.parse import money
from scrapers.sources import Fetch, Json

PROVIDER = Provider(
    "prime-intellect",
    "Prime Intellect",
    pricing_url="https://app.primeintellect.ai",
    source_class="marketplace_api",
    needs_key=True,
    minimum_offers=3,
)
PAGE_SIZE, PAGES = 100, 100
STOCK: dict[str, Availability] = {
    "available": "available",
    "high": "available",
    "medium": "available",
    "low": "limited",
    "unavailable": "sold_out",
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """Numbered pages, until they hold as many items as the answer counts; yields all items."""

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


def offers(items: list[Any]) -> Iterator[Offer]:
    """Each configuration once in each data centre: its on-demand price, its spot price or both."""
    configurations: dict[tuple[str, str], dict[bool, Any]] = defaultdict(dict)
    for item in items:
        if item.get("gpuCount"):  # CPU nodes are listed too
            configurations[_type(item), _region(item)][bool(item.get("isSpot"))] = item
    for (instance_type, region), items_by_spot in configurations.items():
        prices = {spot: _price(item) for spot, item in items_by_spot.items()}
        if any(prices.values()):
            item = items_by_spot.get(False) or items_by_spot[True]
            yield _offer(item, instance_type, region, prices)


def _type(item: Any) -> str:
    name = item.get("cloudId") or f"{item['gpuCount']}x {_gpu(item)}"
    return ":".join(filter(None, (item.get("provider"), name)))


def _gpu(item: Any) -> str:
    return " ".join(filter(None, (item["gpuType"], item.get("socket"))))


def _region(item: Any) -> str:
    return item.get("dataCenter") or item.get("country") or item.get("region") or ""


def _price(item: Any) -> Any:
    prices = item.get("prices") or {}
    return money(prices.get("onDemand")) or money(prices.get("communityPrice"))


def _offer(item: Any, instance_type: str, region: str, prices: dict[bool, Any]) -> Offer:
    return Offer(
        instance_type=instance_type,
        gpu_name=_gpu(item),
        gpu_count=item["gpuCount"],
        gpu_memory_gb=item.get("gpuMemory"),
        region=region,
        price=prices.get(False),
        price_spot=prices.get(True),
        availability=STOCK.get(str(item.get("stockStatus")).casefold()),
        vcpu_count=(item.get("vcpu") or {}).get("defaultCount"),
        ram_gb=(item.get("memory") or {}).get("defaultCount"),
        currency=(item.get("prices") or {}).get("currency") or "USD",
        price_unit="instance_hour",
    )
