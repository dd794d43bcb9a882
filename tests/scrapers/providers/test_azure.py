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
from scrapers.row_parser import Parsed
from scrapers.sources import DatedDocument

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


NOW = datetime(2026, 8, 26, 12, tzinfo=UTC)


def parsed(*pages: list[dict[str, Any]]) -> Parsed:
    return offers.parse(DatedDocument([{"Items": [{**H100, **row} for row in page]} for page in pages], NOW))


def read(*rows: dict[str, Any]) -> list[Offer]:
    return parsed(list(rows)).offers


@pytest.mark.parametrize(
    ("size", "region", "price", "gpus"),
    [
        ("Standard_ND96isr_H100_v5", "eastus", "98.32", "8 H100 80GB SXM"),
        ("Standard_ND96isr_H200_v5", "eastus2", "84.8", "8 H200 SXM"),
        ("Standard_NC40ads_H100_v5", "westeurope", "9.08", "1 H100 NVL"),
        ("Standard_ND96amsr_A100_v4", "eastus", "32.77", "8 A100 80GB SXM"),
    ],
)
def test_prices_on_demand_as_in_the_list(
    recorded_offer: Callable[..., Offer], size: str, region: str, price: str, gpus: str
) -> None:
    offer = recorded_offer("azure", size, region)
    assert (offer.price, f"{offer.gpu_count} {offer.gpu_name}") == (Decimal(price), gpus)


@pytest.mark.parametrize("gpu", ["A100 80GB PCIe", "A100 80GB SXM", "H100 NVL", "H100 80GB SXM", "H200 SXM", "MI300X"])
def test_each_common_gpu_has_a_price_on_demand_in_three_regions(
    replayed: Callable[[str], list[Offer]], gpu: str
) -> None:
    assert len({o.region for o in replayed("azure") if o.gpu_name == gpu and o.price}) >= 3


LAST_YEAR, TOMORROW = "2025-08-27T00:00:00Z", "2026-08-27T00:00:00Z"
BEFORE, LATER = {"effectiveStartDate": "2023-11-01T00:00:00Z"}, {"effectiveStartDate": LAST_YEAR}


@pytest.mark.parametrize(
    ("other", "left_out"),
    [
        (
            {"effectiveStartDate": "2026-01-01", "effectiveEndDate": "2026-08-01T00:00:00Z", "retailPrice": 122},
            "not_in_force",
        ),
        ({**BEFORE, "retailPrice": 122}, "not_in_force"),
        ({**BEFORE, "armSkuName": "Standard_NC24s_v3"}, "retired"),
    ],
)
@pytest.mark.parametrize("is_last", [True, False])
def test_the_price_that_holds_now_is_read_in_any_order(other: dict[str, Any], left_out: str, is_last: bool) -> None:
    found = parsed([{**LATER}, other] if is_last else [other, {**LATER}])
    assert [offer.price for offer in found.offers] == [Decimal("98.32")]
    assert [row.rule for row in found.left_out] == [left_out]


def test_a_row_for_later_announces_a_price_and_one_with_an_end_says_until_when_it_holds() -> None:
    later = {"effectiveStartDate": TOMORROW, "retailPrice": Decimal("55.04")}
    now, announced = read({**LATER, "effectiveEndDate": TOMORROW}, later)
    starts = datetime.fromisoformat(TOMORROW)
    assert (now.price, now.valid_to) == (Decimal("98.32"), starts)
    assert (announced.price, announced.valid_from, announced.valid_to) == (Decimal("55.04"), starts, None)


def test_a_later_start_of_another_way_to_pay_or_region_wins_over_nothing() -> None:
    spot = {**LATER, "skuName": "ND96isrH100v5 Spot", "retailPrice": Decimal("16.3")}
    found = parsed([{**BEFORE}], [spot, {**LATER, "armRegionName": "westeurope"}])
    assert [(o.region, o.price, o.price_spot) for o in found.offers] == [
        ("eastus", Decimal("98.32"), None),
        ("eastus", None, Decimal("16.3")),
        ("westeurope", Decimal("98.32"), None),
    ]


def test_a_row_whose_date_cannot_be_read_costs_itself() -> None:
    found = parsed([{"effectiveStartDate": "soon"}, {"armRegionName": "westeurope"}])
    assert [o.region for o in found.offers] == ["westeurope"]
    assert [(row.instance_type, row.region) for row in found.unreadable] == [("Standard_ND96isr_H100_v5", "eastus")]


def test_a_reservation_is_for_the_whole_term() -> None:
    one = {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": Decimal("551221.0")}
    three = {"type": "Reservation", "reservationTerm": "3 Years", "retailPrice": Decimal("1134310.0")}
    assert [(offer.price, offer.price_1y, offer.price_3y) for offer in read({}, one, three)] == [
        (Decimal("98.32"), None, None),
        (None, Decimal("62.924772"), None),
        (None, None, Decimal("43.162481")),
    ]


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

    document = asyncio.run(SOURCE.document(fetch))
    assert document.answered_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert asked[1] == "https://prices.azure.com:443/api/retail/prices?$skip=1000"
    assert " " not in asked[0]
