import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from scrapers.captures import Capture, Request
from scrapers.offer import Offer
from scrapers.providers.azure import SIZES, SOURCE, offers

H100 = {
    "currencyCode": "USD",
    "retailPrice": Decimal("98.32"),
    "armRegionName": "eastus",
    "meterName": "ND96isrH100v5",
    "productName": "Virtual Machines NDsr H100 v5 Series",
    "skuName": "ND96isrH100v5",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "isPrimaryMeterRegion": True,
    "armSkuName": "Standard_ND96isr_H100_v5",
}


def read(*rows: dict[str, Any]) -> list[Offer]:
    return list(offers([{"Items": [{**H100, **row} for row in rows]}]))


def test_eight_h100_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("azure", "Standard_ND96is_H100_v5")
    assert offer.price == Decimal("88.488") == 8 * Decimal("11.061")
    assert (offer.gpu_name, offer.gpu_count, offer.vcpu_count) == ("H100 80GB SXM", 8, 96)


def test_one_h100_nvl_on_demand_and_spot_are_one_offer(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("azure", "Standard_NC40ads_H100_v5")
    assert (offer.price, offer.price_spot) == (Decimal("6.98"), Decimal("1.289904"))


def test_a_reservation_is_for_the_whole_term() -> None:
    one = {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": Decimal("551221.0")}
    three = {"type": "Reservation", "reservationTerm": "3 Years", "retailPrice": Decimal("1134310.0")}
    [offer] = read({}, one, three)
    assert offer.price == Decimal("98.32")
    assert (offer.price_1y, offer.price_3y) == (Decimal("62.924772"), Decimal("43.162481"))


@pytest.mark.parametrize(
    "row",
    [
        {"productName": "Virtual Machines NDasr A100 v4 Series Windows"},
        {"meterName": "ND96asr_A100_v4 Low Priority", "skuName": "ND96asr_A100_v4 Low Priority"},
        {"productName": "NCasT4_v3 Series CloudServices"},
        {"type": "DevTestConsumption"},
        {"retailPrice": Decimal("0.01")},
        {"retailPrice": Decimal("0.0")},
        {"isPrimaryMeterRegion": False},
        {"armSkuName": "Standard_NC6"},
        {"armSkuName": "Standard_NP10s"},
        {"type": "Reservation", "reservationTerm": "5 Years"},
    ],
)
def test_rows_that_are_no_linux_price_of_a_gpu_are_left_out(row: dict[str, Any]) -> None:
    assert read(row) == []


def test_spot_is_told_by_its_meter() -> None:
    [offer] = read({"meterName": "ND96isrH100v5 Spot", "retailPrice": Decimal("16.3")})
    assert (offer.price, offer.price_spot) == (None, Decimal("16.3"))


def test_regions_are_separate_offers() -> None:
    assert [o.region for o in read({}, {"armRegionName": "westeurope"})] == ["eastus", "westeurope"]


def test_each_region_has_its_own_on_demand_spot_and_reserved_prices_whatever_page_they_stand_on() -> None:
    west = {**H100, "armRegionName": "westeurope"}
    year = {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 876_000}
    first = {"Items": [H100, {**west, "retailPrice": Decimal("117.98")}]}
    second = {"Items": [{**west, "meterName": "ND96isrH100v5 Spot", "retailPrice": Decimal("23.6")}, {**west, **year}]}
    east, europe = offers([first, second])
    assert (east.region, east.price, east.price_spot, east.price_1y) == ("eastus", Decimal("98.32"), None, None)
    assert (europe.region, europe.price, europe.price_spot) == ("westeurope", Decimal("117.98"), Decimal("23.6"))
    assert europe.price_1y == 100


@pytest.mark.parametrize(
    ("size", "gpu", "count", "share"),
    [
        ("Standard_NV6ads_A10_v5", "A10", 1, round(Decimal(1) / 6, 10)),
        ("Standard_NV72ads_A10_v5", "A10", 2, Decimal(1)),
        ("Standard_NC64as_T4_v3", "T4", 4, Decimal(1)),
        ("Standard_NC96ads_A100_v4", "A100 80GB PCIe", 4, Decimal(1)),
        ("Standard_NG16ads_V620_v1", "Radeon PRO V620", 1, Decimal("0.5")),
        ("Standard_ND128isr_NDR_GB200_v6", "GB200", 4, Decimal(1)),
    ],
)
def test_the_size_tells_the_gpus(size: str, gpu: str, count: int, share: Decimal) -> None:
    [offer] = read({"armSkuName": size})
    assert (offer.gpu_name, offer.gpu_count, round(offer.gpu_share, 10)) == (gpu, count, share)
    assert size in SIZES


def test_an_unknown_size_keeps_its_own_name_as_the_gpu() -> None:
    [offer] = read({"armSkuName": "Standard_ND999_Rubin_v9"})
    assert offer.gpu_name == "Standard_ND999_Rubin_v9"


def test_pages_are_followed_to_the_last() -> None:
    asked = []

    async def fetch(request: Request) -> Capture:
        asked.append(request.url)
        following = "https://prices.azure.com:443/api/retail/prices?$skip=1000" if len(asked) == 1 else None
        body = json.dumps({"Items": [], "NextPageLink": following}).encode()
        return Capture("azure", request, 200, datetime(2026, 1, 1, tzinfo=UTC), "application/json", body)

    asyncio.run(SOURCE.document(fetch))
    assert asked[1] == "https://prices.azure.com:443/api/retail/prices?$skip=1000"
    assert " " not in asked[0]
