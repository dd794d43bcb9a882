from datetime import date
from decimal import Decimal
from typing import Any

from scrapers.normalise import GpuNames, Rates, normalise
from scrapers.offer import Offer
from scrapers.providers import lium
from tests.scrapers.providers.conftest import offers_of

NODE = {
    "gpu_model": "RTX 5090",
    "gpu_count": 2,
    "available_gpu_count": 2,
    "tier": "secure",
    "cpu_count": 64,
    "ram_gb": 126,
    "gpu_memory_gb": 32,
    "price_per_node_hour": Decimal("1.38"),
    "country_code": "RU",
}


def parsed(*nodes: dict[str, Any]) -> list[Offer]:
    return list(lium.offers({"nodes": [{**NODE, **node} for node in nodes]}))


def test_prices_are_those_of_the_answer() -> None:
    offers = {(offer.instance_type, offer.region): offer for offer in offers_of("lium")}
    assert offers["secure/8x B300 SXM6 AC", "US"].price == Decimal("63.76")
    assert offers["secure/4x L40S", "US"].price == 4 * Decimal("0.38")
    assert offers["spot/8x H200", "IN"].price_spot == 8 * Decimal("3.1")


def test_a_price_is_the_whole_nodes() -> None:
    [offer] = parsed({})
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("1.38"), "instance_hour", 2)
    assert (offer.gpu_memory_gb, offer.vcpu_count, offer.ram_gb) == (32, 64, 126)


def test_nodes_that_are_alike_become_one_offer_at_the_cheapest_price() -> None:
    dear = {"price_per_node_hour": Decimal("1.50"), "cpu_count": 16, "ram_gb": 30}
    names = GpuNames([("rtx5090", None, "rtx-5090", "variant")])
    [offer] = normalise(parsed(dear, {}, dear), names, Rates([]), date(2026, 8, 22), lium.PROVIDER).offers
    assert (offer.instance_type, offer.region) == ("secure/2x RTX 5090", "RU")
    assert (offer.price_per_hour, offer.vcpu_count, offer.offers_merged) == (Decimal("1.38"), 64, 3)


def test_the_spot_tier_has_a_spot_price_and_a_type_of_its_own() -> None:
    [offer] = parsed({"tier": "spot"})
    assert (offer.instance_type, offer.price, offer.price_spot) == ("spot/2x RTX 5090", None, Decimal("1.38"))


def test_a_partly_rented_node_is_left_out() -> None:
    assert parsed({"available_gpu_count": 1}) == []
