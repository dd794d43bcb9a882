from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import upcloud
from tests.scrapers.providers.replayed import recorded_offers


def parsed(*zones: dict[str, Any], currency: str = "EUR") -> list[Offer]:
    return list(upcloud.offers({"prices": {"currency": currency, "zone": list(zones)}}))


def test_prices_are_those_of_the_answer() -> None:
    offer = recorded_offers(upcloud)["GPU-8xCPU-64GB-1xL40S"]
    assert (offer.price, offer.currency) == (Decimal("1.31"), "USD")


def test_cents_are_of_the_accounts_currency() -> None:
    rate = {"amount": 1, "price": Decimal("111.1607")}
    [offer] = parsed({"name": "fi-hel2", "server_plan_GPU-16xCPU-192GB-2xL40S": rate})
    assert (offer.price, offer.currency, offer.region) == (Decimal("1.111607"), "EUR", "fi-hel2")
    assert (offer.gpu_name, offer.gpu_count, offer.vcpu_count, offer.ram_gb) == ("L40S", 2, 16, 192)


def test_a_spot_plan_is_the_plans_spot_price() -> None:
    plan = "8xCPU-64GB-1xL4"
    both = {
        f"server_plan_GPU-{plan}": {"amount": 1, "price": 76},
        f"server_plan_GPU-SPOT-{plan}": {"amount": 1, "price": 57},
    }
    on_demand, spot = parsed({"name": "fi-hel2", **both})
    assert {on_demand.instance_type, spot.instance_type} == {f"GPU-{plan}"}
    assert (on_demand.price, on_demand.price_spot) == (Decimal("0.76"), None)
    assert (spot.price, spot.price_spot) == (None, Decimal("0.57"))


def test_a_zone_that_is_not_known_to_have_gpus_makes_no_offer() -> None:
    rate = {"server_plan_GPU-8xCPU-64GB-1xL40S": {"amount": 1, "price": 111}}
    offers = parsed({"name": "fi-hel2", **rate}, {"name": "de-fra1", **rate})
    assert [offer.region for offer in offers] == ["fi-hel2"]


def test_other_plans_and_rates_are_left_out() -> None:
    assert (
        parsed({"name": "fi-hel2", "server_core": {"amount": 1, "price": 1}, "server_plan_2xCPU-4GB": {"price": 3}})
        == []
    )
