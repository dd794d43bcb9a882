import json
from decimal import Decimal

import pytest

from scrapers.offer import Offer
from scrapers.providers import latitude_sh
from tests.scrapers.providers.conftest import offers_of
from tests.scrapers.providers.replayed import decoded


def recorded() -> dict[tuple[str, str], Offer]:
    return {(offer.instance_type, offer.region): offer for offer in offers_of("latitude-sh")}


def parsed(*regions: object, gpu: object) -> list[Offer]:
    server = {"slug": "g5", "specs": {"gpu": gpu}, "regions": regions}
    stream = f"0:{json.dumps([{'plansData': {'servers': [{'attributes': server}]}}])}\n"
    page = decoded(latitude_sh.SOURCE, f"<script>self.__next_f.push([1,{json.dumps(stream)}])</script>")
    return [*latitude_sh.offers(page)]


def test_prices_are_those_of_whole_servers() -> None:
    b300 = recorded()["g4-b300-large", "United States"]
    assert (b300.price, b300.gpu_count, b300.price_unit) == (16 * 8, 8, "instance_hour")
    assert recorded()["g4-rtx6kpro-large", "United States"].price == 6 * 8
    assert recorded()["g3-h100-small", "United States"].price == Decimal("3.37")


def test_each_country_has_its_price_and_availability() -> None:
    servers = recorded()
    assert servers["g4-rtx6kpro-large", "Australia"].price == 66
    assert servers["g4-rtx6kpro-large", "Australia"].availability == "limited"
    assert servers["g4-rtx6kpro-large", "Netherlands"].availability == "sold_out"


def test_a_month_is_cheaper_than_its_hours() -> None:
    assert recorded()["g3-h100-small", "United States"].price_month == 1230


def test_a_country_without_a_price_does_not_have_the_server() -> None:
    nothing = {"USD": {"hour": None, "month": None}, "BRL": {"hour": 0, "month": 0}}
    region = {"name": "United Kingdom", "stock_level": "unavailable", "pricing": nothing}
    assert not parsed(region, gpu={"count": 8, "type": "NVIDIA RTX PRO 6000", "vram_per_gpu": 96})


def test_a_server_without_a_gpu_is_left_out() -> None:
    region = {"name": "Chile", "stock_level": "low", "pricing": {"USD": {"hour": 1.58, "month": 577}}}
    assert not parsed(region, gpu={})


def test_a_page_without_servers_is_an_error() -> None:
    with pytest.raises(ValueError, match="no 'plansData'"):
        [*latitude_sh.offers({"0": ["$", "main", None, {}]})]
