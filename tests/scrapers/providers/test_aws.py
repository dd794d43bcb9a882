import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from scrapers.captures import Capture, Request
from scrapers.errors import SourceUnavailable
from scrapers.offer import Offer
from scrapers.providers.aws import SOURCE, offers


def machine(name: str, price: str, **fields: str) -> dict[str, Any]:
    return {"Instance Type": name, "price": price, "vCPU": "4", "Memory": "16 GiB", **fields}


def read(
    on_demand: dict[str, str] | None = None,
    spot: dict[str, str] | None = None,
    region: str = "us-east-1",
    **files: list[dict[str, Any]],
) -> list[Offer]:
    """The offers of North Virginia's files and of one region's spot prices."""
    windows = {"name": "mswin", "prices": {"USD": "9.9"}}
    sizes = [
        {"size": name, "valueColumns": [windows, {"name": "linux", "prices": {"USD": price}}]}
        for name, price in (spot or {}).items()
    ]
    regions = [{"region": region, "instanceTypes": [{"type": "gpuInstances", "sizes": sizes}]}]
    listed = {"price": [machine(name, price) for name, price in (on_demand or {}).items()], **files}
    return list(offers({"regions": {"us-east-1": listed}, "spot": {"config": {"regions": regions}}}))


def test_one_l4_as_in_the_snapshot(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("aws", "g6.xlarge", "us-east-1")
    assert (offer.price, offer.price_spot, offer.gpu_name) == (Decimal("0.8048"), None, "L4")


def test_eight_l4_on_demand_and_spot_are_one_offer(recorded_offer: Callable[..., Offer]) -> None:
    offer = recorded_offer("aws", "g6.48xlarge", "us-east-1")
    assert (offer.price, offer.price_spot) == (8 * Decimal("1.6688"), 8 * Decimal("0.21995"))
    assert offer.gpu_count == 8


def test_a_type_let_as_spot_elsewhere_is_an_offer_there() -> None:
    here, there = read({"g6.xlarge": "0.8048000000"}, {"g6.xlarge": "0.3052"}, "eu-west-1")
    assert (here.region, here.price, here.price_spot) == ("eu-west-1", None, Decimal("0.3052"))
    assert (there.region, there.price, there.vcpu_count, there.ram_gb) == ("us-east-1", Decimal("0.8048"), 4, 16)


def test_a_spot_price_under_an_old_name_of_the_region_is_of_the_same_offer() -> None:
    [offer] = read({"p5.48xlarge": "55.04"}, {"p5.48xlarge": "21.7"}, "us-east")
    assert (offer.region, offer.price, offer.price_spot) == ("us-east-1", Decimal("55.04"), Decimal("21.7"))


def test_a_spot_price_of_a_local_zone_is_of_its_group() -> None:
    [offer] = read(spot={"g6.xlarge": "0.41"}, region="us-west-2-lax-1a")
    assert offer.region == "us-west-2-lax-1"


@pytest.mark.parametrize(
    ("name", "gpu", "count", "share"),
    [
        ("g6f.large", "L4", 1, "0.125"),
        ("gr6f.4xlarge", "L4", 1, "0.5"),
        ("g5.24xlarge", "A10G", 4, "1"),
        ("p5.48xlarge", "H100 80GB SXM", 8, "1"),
        ("p6e-gb200.36xlarge", "GB200", 4, "1"),
    ],
)
def test_the_type_tells_the_gpus(name: str, gpu: str, count: int, share: str) -> None:
    [offer] = read({name: "1"})
    assert (offer.gpu_name, offer.gpu_count, offer.gpu_share) == (gpu, count, Decimal(share))


def test_an_unknown_gpu_type_keeps_its_own_name_as_the_gpu() -> None:
    [offer] = read({"p9.48xlarge": "99"})
    assert (offer.gpu_name, offer.gpu_memory_gb) == ("p9.48xlarge", None)


def test_cpu_types_and_types_not_let_make_no_offer() -> None:
    assert read({"m7i.large": "0.1", "c7g.xlarge": "0.14"}, {"t3.micro": "0.003", "g6.xlarge": "N/A*"}) == []


def test_reserved_prices_are_of_the_same_offer() -> None:
    years = {"price_1y": [machine("p4d.24xlarge", "20.1")], "price_3y": [machine("p4d.24xlarge", "13.4")]}
    [offer] = read({"p4d.24xlarge": "21.957642"}, {"p4d.24xlarge": "9.5"}, **years)
    assert (offer.price, offer.price_spot) == (Decimal("21.957642"), Decimal("9.5"))
    assert (offer.price_1y, offer.price_3y, offer.gpu_count) == (Decimal("20.1"), Decimal("13.4"), 8)


def test_machines_that_come_with_software_are_left_out() -> None:
    assert read(price_1y=[machine("g5.xlarge", "3.2", **{"Pre Installed S/W": "SQL Web"})]) == []


def document_of(files: dict[str, Any]) -> tuple[Any, list[str]]:
    """What the source makes of files by the end of their addresses, and what it asked for."""
    asked: list[str] = []

    async def fetch(request: Request) -> Capture:
        asked.append(request.url)
        body = next((body for end, body in files.items() if request.url.endswith(end)), None)
        if not isinstance(body, dict):
            raise SourceUnavailable("aws", "no such file", code=body or "denied")
        content = json.dumps(body).encode()
        return Capture("aws", request, 200, datetime(2026, 1, 1, tzinfo=UTC), "application/json", content)

    return asyncio.run(SOURCE.document(fetch)), asked


PLACES = {
    "US West (Oregon)": {"name": "US West (Oregon)", "code": "us-west-2", "type": "AWS Region"},
    "EU (Frankfurt)": {"name": "EU (Frankfurt)", "code": "eu-central-1", "type": "AWS Region"},
    "US West (Denver)": {"name": "US West (Denver)", "code": "us-west-2-den-1", "type": "AWS Local Zone"},
}
SPOT = {"config": {"regions": []}}


def listed(place: str, price: str) -> dict[str, Any]:
    return {"regions": {place: {"a key": machine("p5.48xlarge", price)}}}


def test_each_regions_files_are_read() -> None:
    document, asked = document_of(
        {
            "locations.json": PLACES,
            "spot.json": SPOT,
            "sel/US%20West%20(Oregon)/Linux/index.json": listed("US West (Oregon)", "55.04"),
            "sel/EU%20(Frankfurt)/Linux/index.json": listed("EU (Frankfurt)", "68.8"),
            "3%20year/No%20Upfront/EU%20(Frankfurt)/Linux/Shared/index.json": listed("EU (Frankfurt)", "30.1"),
        }
    )
    frankfurt, oregon = offers(document)
    assert (frankfurt.region, frankfurt.price, frankfurt.price_3y) == ("eu-central-1", Decimal("68.8"), Decimal("30.1"))
    assert (oregon.region, oregon.price, oregon.price_3y) == ("us-west-2", Decimal("55.04"), None)
    assert not any("Denver" in url for url in asked)


def test_a_file_that_cannot_be_read_now_is_no_missing_file() -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        document_of({"locations.json": PLACES, "spot.json": SPOT, "(Oregon)/Linux/index.json": "server_error"})


def test_on_demand_prices_of_no_region_are_an_error_though_there_are_spot_prices() -> None:
    with pytest.raises(ValueError, match="of any of 2 regions"):
        document_of({"locations.json": PLACES, "spot.json": SPOT})
