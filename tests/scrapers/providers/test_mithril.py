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


def test_there_is_a_spot_floor_and_no_other_price() -> None:
    rows = [{"instance_type": "it_1", "region": "us-central2-a", "last_instance_price": "$19.20"}]
    [offer] = mithril.offers({"types": [KIND], "spot": rows, "floors": FLOORS})
    assert (offer.price, offer.price_spot, offer.price_unit) == (None, Decimal(8), "instance_hour")
    assert (offer.gpu_name, offer.gpu_count, offer.price_includes) == ("H100 sxm", 8, {"bid_floor": True})


def test_each_region_of_the_auction_is_an_offer_and_a_type_without_one_is_none() -> None:
    rows = [{"instance_type": "it_1", "region": region} for region in ("us-central2-a", "us-west1-b", "us-west1-b")]
    offers = mithril.offers({"types": [KIND], "spot": rows, "floors": FLOORS})
    assert [offer.region for offer in offers] == ["us-central2-a", "us-west1-b"]
    assert not list(mithril.offers({"types": [KIND], "spot": [], "floors": FLOORS}))


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
