from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import seeweb
from tests.scrapers.providers.replayed import recorded_offers


def parsed(**fields: Any) -> list[Offer]:
    plan = {
        "name": "ECS2GPU3",
        "cpu": "32",
        "ram": "245760",
        "disk": "2000",
        "gpu": "2",
        "gpu_label": "A100 80GB",
        "hourly_price": "1.98",
        "available": True,
        "available_regions": [{"location": "it-fr2"}],
        **fields,
    }
    return list(seeweb.offers({"status": "ok", "plans": [plan]}))


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(seeweb)
    assert (offers["ECS1GPU7"].price, offers["ECS1GPU7"].gpu_name) == (Decimal("0.85"), "L40s 48GB")
    assert (offers["ECS8GPU10"].price, offers["ECS8GPU10"].gpu_count) == (Decimal("20.8"), 8)


def test_euros_and_sizes_are_text_and_memory_is_in_megabytes() -> None:
    [offer] = parsed()
    assert (offer.price, offer.currency, offer.price_unit) == (Decimal("1.98"), "EUR", "instance_hour")
    assert (offer.gpu_count, offer.vcpu_count, offer.ram_gb, offer.storage_gb) == (2, 32, 240, 2000)


def test_a_plan_without_a_region_is_sold_out() -> None:
    assert (parsed()[0].available_regions, parsed()[0].availability) == (("it-fr2",), "available")
    assert parsed(available_regions=[])[0].availability == "sold_out"
    assert parsed(available=False)[0].availability == "sold_out"
    assert parsed(available_regions=None)[0].availability is None


def test_plans_without_a_gpu_and_other_accelerators_are_left_out() -> None:
    assert parsed(gpu="0", gpu_label=None) == parsed(gpu_label="Tenstorrent Grayskull e150") == []
    assert parsed(gpu_label="MI300X")[0].gpu_name == "MI300X"
