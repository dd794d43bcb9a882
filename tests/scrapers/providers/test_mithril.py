import asyncio
from decimal import Decimal

from scrapers.captures import Capture, Request, recording, replay
from scrapers.providers import mithril
from tests.scrapers.providers.conftest import offers_of

KIND = {
    "fid": "it_1",
    "name": "h100-80gb.sxm.8x",
    "num_gpus": 8,
    "gpu_type": "H100",
    "gpu_memory_gb": 80,
    "ram_gb": 1814,
}
FLOORS = {"it_1": {"minimum_price_cents": 800}}


def test_prices_are_those_of_the_answer() -> None:
    offers = {offer.instance_type: offer for offer in offers_of("mithril")}
    assert offers["h100-80gb.sxm.8x"].price_spot == 8
    assert (offers["ccs-h200.sxm.1x"].price_spot, offers["ccs-h200.sxm.1x"].region) == (1, "us-central2-b")


def test_there_is_a_spot_price_and_no_other_the_last_one_or_the_floor() -> None:
    rows = [
        {"instance_type": "it_1", "region": "us-central2-a", "last_instance_price": "$19.20"},
        {"instance_type": "it_1", "region": "us-west1-b"},
    ]
    sold, unsold = mithril.offers({"types": [KIND], "spot": rows, "floors": FLOORS})
    assert (sold.price, sold.price_spot, sold.price_includes) == (None, Decimal("19.2"), {"statistic": "last price"})
    assert (unsold.price, unsold.price_spot, unsold.price_includes) == (None, 8, {"statistic": "bid floor"})
    assert (sold.gpu_name, sold.gpu_count, sold.price_unit) == ("H100 sxm", 8, "instance_hour")
    assert [sold.region, unsold.region] == ["us-central2-a", "us-west1-b"]


def test_a_type_that_is_in_no_auction_or_has_no_gpu_is_left_out() -> None:
    assert not list(mithril.offers({"types": [KIND], "spot": [], "floors": FLOORS}))
    cpu = {"fid": "it_2", "name": "cpu.1x", "num_gpus": 0}
    rows = [{"instance_type": "it_2", "region": "us-west1-b", "last_instance_price": "$0.10"}]
    assert not list(mithril.offers({"types": [KIND, cpu], "spot": rows, "floors": FLOORS}))


def test_the_floor_of_each_type_with_gpus_is_asked_for_with_the_key() -> None:
    shipped, asked = recording("mithril"), list[Request]()
    assert shipped is not None
    answers = replay(shipped.captures)

    async def fetch(request: Request) -> Capture:
        asked.append(request)
        return answers[request.identity]

    asyncio.run(mithril.SOURCE.document(fetch))
    assert [request.url.partition("?")[2] for request in asked[2:]] == [f"instance_type=it_{n}" for n in range(4)]
    assert {request.headers["Authorization"] for request in asked} == {"Bearer {key}"}
