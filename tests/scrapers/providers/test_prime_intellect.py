import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from scrapers.captures import Capture, Request
from scrapers.providers import prime_intellect
from tests.scrapers.providers.conftest import offers_of
from tests.scrapers.providers.replayed import by_type

ITEM = {
    "cloudId": "gpu_8x_h100_sxm5",
    "gpuType": "H100_80GB",
    "socket": "SXM5",
    "provider": "lambdalabs",
    "dataCenter": "us-west-3",
    "country": "US",
    "gpuCount": 8,
    "gpuMemory": 80,
    "vcpu": {"defaultCount": 208},
    "memory": {"defaultCount": 1800},
    "stockStatus": "Low",
    "prices": {"onDemand": 23.92, "communityPrice": None, "currency": "USD"},
    "isSpot": False,
}


def document_of(total: int, *pages: list[Any]) -> list[Any]:
    asked: list[str] = []

    async def fetch(request: Request) -> Capture:
        asked.append(request.url)
        assert request.headers["Authorization"] == "Bearer {key}"
        items = pages[len(asked) - 1] if len(asked) <= len(pages) else []
        body = json.dumps({"items": items, "totalCount": total}).encode()
        return Capture("prime-intellect", request, 200, datetime(2026, 1, 1, tzinfo=UTC), "application/json", body)

    document = asyncio.run(prime_intellect.SOURCE.document(fetch))
    assert [url.partition("page=")[2] for url in asked] == [f"{n}&page_size=100" for n in range(1, len(asked) + 1)]
    return document


def test_prices_are_those_of_the_answer() -> None:
    found = [(one.instance_type, one.price, one.price_spot) for one in offers_of("prime-intellect")]
    assert ("1x B300", Decimal("4.99"), None) in found
    assert {("1x H100", Decimal("2.43"), None), ("1x H100", None, Decimal("0.94"))} <= set(found)


def test_the_upstream_cloud_is_named_and_part_of_the_instance_type() -> None:
    offer = by_type(prime_intellect.offers([ITEM]))["lambdalabs:gpu_8x_h100_sxm5"]
    assert (offer.gpu_name, offer.gpu_count, offer.region) == ("H100_80GB SXM5", 8, "us-west-3")
    assert offer.upstream == "lambda-labs"
    assert (offer.price, offer.price_unit) == (Decimal("23.92"), "instance_hour")
    assert (offer.vcpu_count, offer.ram_gb, offer.availability) == (208, 1800, "limited")


def test_a_community_price_is_taken_where_there_is_no_other() -> None:
    item = {**ITEM, "prices": {"onDemand": None, "communityPrice": 16, "currency": "EUR"}}
    offer = by_type(prime_intellect.offers([item]))["lambdalabs:gpu_8x_h100_sxm5"]
    assert (offer.price, offer.currency) == (16, "EUR")


def test_processors_and_items_without_a_price_are_left_out() -> None:
    nodes = [{**ITEM, "gpuType": "CPU_NODE", "gpuCount": 0}, {**ITEM, "prices": {"onDemand": None}}]
    assert not by_type(prime_intellect.offers(nodes))


def test_pages_are_asked_for_until_all_items_are_there() -> None:
    assert document_of(3, [1, 2], [3]) == [1, 2, 3]


def test_missing_items_are_an_error() -> None:
    with pytest.raises(ValueError, match="2 configurations of 3"):
        document_of(3, [1, 2])
