from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers.runpod import SOURCE, offers

CARD = "NVIDIA RTX PRO 6000 Blackwell Server Edition"


def gpu(name: str = "NVIDIA L4", **fields: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("securePrice", "communityPrice", "secureSpotPrice", "communitySpotPrice"))
    return {"id": name, "displayName": name.removeprefix("NVIDIA "), "memoryInGb": 24, **nothing, **fields}


def read(*gpus: dict[str, Any]) -> list[Offer]:
    return list(offers({"gpuTypes": gpus}))


def test_recording_has_the_47_prices_at_which_one_can_rent(replayed: Callable[[str], list[Offer]]) -> None:
    found = replayed("runpod")
    assert len(found) == 47
    assert sum(o.price or 0 for o in found) == Decimal("86.95") - Decimal("5.98") - Decimal("6.94")


def test_secure_and_community_are_separate_offers(recorded_offer: Callable[..., Offer]) -> None:
    secure = recorded_offer("runpod", "secure/1x h100 sxm")
    community = recorded_offer("runpod", "community/1x h100 sxm")
    assert (secure.price, community.price) == (Decimal("3.29"), Decimal("2.69"))
    assert secure.gpu_name == "NVIDIA H100 80GB HBM3"
    assert secure.availability is None


def test_a_gpu_rented_in_one_tier_makes_one_offer(replayed: Callable[[str], list[Offer]]) -> None:
    found = [o for o in replayed("runpod") if o.gpu_name == "AMD Instinct MI300X OAM"]
    assert [(o.instance_type, o.price) for o in found] == [("secure/1x mi300x", Decimal("2.39"))]


def test_spot_belongs_to_its_tier_and_zero_is_no_price() -> None:
    [offer] = read(gpu(securePrice=0, communityPrice=Decimal("0.4"), communitySpotPrice=Decimal("0.2")))
    assert (offer.instance_type, offer.price, offer.price_spot) == ("community/1x l4", Decimal("0.4"), Decimal("0.2"))
    assert offer.price_unit == "gpu_hour"


@pytest.mark.parametrize(("most", "offered"), [(0, []), (1, ["community/1x l4"]), (None, ["community/1x l4"])])
def test_a_tier_in_which_none_can_be_had_makes_no_offer(most: int | None, offered: list[str]) -> None:
    stated = gpu(communityPrice=Decimal("0.4"), maxGpuCountCommunityCloud=most)
    assert [offer.instance_type for offer in read(stated)] == offered


def test_availability_is_that_of_the_tier() -> None:
    both = gpu(securePrice=1, communityPrice=1, secure={"stockStatus": "Low"}, community={"stockStatus": None})
    assert [o.availability for o in read(both)] == ["limited", "sold_out"]


def test_a_slice_is_a_share_of_its_card() -> None:
    part = gpu(f"{CARD} MIG 1g.24gb", securePrice=Decimal("0.5"))
    _, offer = read(gpu(CARD, memoryInGb=96, securePrice=2), part)
    assert (offer.gpu_name, offer.gpu_share, offer.gpu_memory_gb) == (CARD, Decimal("0.25"), 96)
    assert offer.price == Decimal("0.5")


def test_a_slice_of_an_unlisted_card_keeps_its_own_name() -> None:
    [offer] = read(gpu(f"{CARD} MIG 1g.24gb", securePrice=1))
    assert offer.gpu_name == f"{CARD} MIG 1g.24gb"
    assert offer.gpu_share == 1


def test_the_query_is_one_line_of_graphql() -> None:
    assert SOURCE.request().method == "POST"
    assert SOURCE.query.count("{") == SOURCE.query.count("}")
