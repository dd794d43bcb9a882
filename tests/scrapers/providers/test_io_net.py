from decimal import Decimal
from typing import Any

from scrapers.offer import Offer
from scrapers.providers import io_net
from tests.scrapers.providers.replayed import recorded_offers


def parsed(**fields: Any) -> list[Offer]:
    machine = {
        "id": "1A100.80S__US",
        "name": "A100",
        "num_cards": 1,
        "price": Decimal("1.5"),
        "location": "US",
        **fields,
    }
    return list(io_net.offers({"data": {"hardware": [machine]}}))


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(io_net)
    assert set(offers) == {"8H100.80S.176V", "8B300.240V"}
    h100 = offers["8H100.80S.176V"]
    assert (h100.price, h100.price_unit, h100.gpu_count) == (Decimal("27.875342465753423"), "instance_hour", 8)
    assert (h100.gpu_name, h100.region, h100.availability) == ("H100 sxm5", "FI", "available")
    assert offers["8B300.240V"].availability == "sold_out"


def test_the_interconnect_is_part_of_the_gpus_name_where_it_is_stated() -> None:
    assert parsed()[0].gpu_name == "A100"
    assert parsed(interconnect="pcie", vram_per_card=80)[0].gpu_name == "A100 pcie"


def test_machines_without_cards_or_price_are_left_out() -> None:
    assert parsed(num_cards=0) == parsed(price=0) == []
