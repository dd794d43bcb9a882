import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from scrapers.captures import Capture, Request
from scrapers.offer import Offer
from scrapers.providers.vultr import SOURCE, offers

A100 = {"id": "vcg-a100-12c-120g-80vram", "gpu_type": "NVIDIA_A100", "gpu_vram_gb": 80, "hourly_cost": Decimal("2.4")}


def read(**fields: Any) -> list[Offer]:
    return list(offers({"plans": [{"plans": [{**A100, **fields}]}], "plans_metal": [{"plans_metal": []}]}))


def test_l40s_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("vultr", "vcg-l40s-16c-180g-48vram")
    assert (offer.price, offer.gpu_name, offer.gpu_count, offer.gpu_share) == (Decimal("1.671"), "L40S", 1, 1)


def test_eight_h100_preemptible_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("vultr", "vbm-112c-2048gb-8-h100-gpu")
    assert (offer.price, offer.price_spot) == (None, Decimal("18.4"))
    assert offer.price_spot == 8 * Decimal("2.3")
    assert (offer.gpu_name, offer.gpu_count) == ("H100", 8)


@pytest.mark.parametrize(
    ("fields", "share"),
    [({"gpu_vram_gb": 4}, "0.05"), ({"gpu_vram_gb": 40}, "0.5"), ({"gpu_count": "1/8"}, "0.125")],
)
def test_less_than_a_card_is_a_share(fields: dict[str, Any], share: str) -> None:
    [offer] = read(**fields)
    assert (offer.gpu_count, offer.gpu_share, offer.gpu_memory_gb) == (1, Decimal(share), 80)
    assert offer.price == Decimal("2.4")


def test_more_memory_is_more_cards() -> None:
    [offer] = read(gpu_vram_gb=640)
    assert (offer.gpu_count, offer.gpu_share) == (8, 1)


def test_an_unknown_number_of_gpus_is_listed_not_guessed() -> None:
    [offer] = read(id="vcg-x9", gpu_type="NVIDIA_X9", gpu_vram_gb=999)
    assert offer.gpu_name == "X9 (vcg-x9)"


def test_no_location_means_sold_out_and_none_stated_means_unknown() -> None:
    assert [read(locations=[])[0].availability, read(locations=["ewr"])[0].availability] == ["sold_out", "available"]
    assert read()[0].availability is None


def test_a_region_with_its_own_price_is_its_own_offer() -> None:
    plain, special = read(locations=["ewr", "sao"], location_cost={"sao": {"hourly_cost": 3}})
    assert (plain.region, plain.available_regions, plain.price) == ("", ("ewr",), Decimal("2.4"))
    assert (special.region, special.price) == ("sao", 3)


def test_prices_at_which_nothing_can_be_deployed_are_left_out() -> None:
    spot = {"hourly_cost_preemptible": Decimal("1.2"), "deploy_preemptible": True}
    [offer] = read(deploy_ondemand=False, monthly_cost=1750, **spot)
    assert (offer.price, offer.price_month, offer.price_spot) == (None, None, Decimal("1.2"))
    assert read(deploy_ondemand=False) == []


def test_plans_without_gpu_make_no_offer() -> None:
    cpu = {"id": "vbm-4c-32gb", "cpu_threads": 8, "hourly_cost": Decimal("0.18")}
    found = offers.parse({"plans": [], "plans_metal": [{"plans_metal": [cpu]}]})
    assert [left.rule for left in found.left_out] == ["no_gpu"]


@pytest.mark.parametrize(
    ("plan", "gpu", "count"),
    [
        ("vcg-h100-216c-1914gb-640vram", "H100", 8),
        ("vcg-mi325x-252c-2872g-1536vram", "MI325X", 6),
        ("vbm-112c-2048gb-8-h100-gpu", "H100", 8),
    ],
)
def test_a_plan_that_names_its_gpu_in_no_field_tells_it_by_its_id(plan: str, gpu: str, count: int) -> None:
    [offer] = read(id=plan, gpu_type=None, gpu_vram_gb=None)
    assert (offer.gpu_name, offer.gpu_count) == (gpu, count)


def test_a_gpu_plan_that_tells_its_gpu_nowhere_is_listed_as_unknown() -> None:
    [offer] = read(id="vdm-new-plan", gpu_type=None, gpu_vram_gb=None)
    assert offer.gpu_name == "vdm-new-plan (vdm-new-plan)"


def test_the_next_page_is_asked_by_its_cursor() -> None:
    asked = []

    async def fetch(request: Request) -> Capture:
        asked.append(request.url)
        following = "bmV4dA==" if len(asked) == 1 else ""
        body = json.dumps({"plans": [], "plans_metal": [], "meta": {"links": {"next": following}}}).encode()
        return Capture("vultr", request, 200, datetime(2026, 1, 1, tzinfo=UTC), "application/json", body)

    asyncio.run(SOURCE.document(fetch))
    assert asked[1] == f"{asked[0]}&cursor=bmV4dA=="
    assert len(asked) == 4
    assert "type=vdm" in asked[2]
