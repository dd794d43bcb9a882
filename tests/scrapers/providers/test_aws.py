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
from scrapers.providers.aws import SOURCE, Region, offers
from scrapers.records import Record
from scrapers.row_parser import Parsed


def machine(name: str, price: str, **fields: str) -> dict[str, Any]:
    return {"Instance Type": name, "price": price, "vCPU": "4", "Memory": "16 GiB", **fields}


def read(
    on_demand: dict[str, str] | None = None,
    spot: dict[str, str] | None = None,
    region: str = "us-east-1",
    **files: list[dict[str, Any]],
) -> list[Offer]:
    return parsed(on_demand, spot, region, **files).offers


def parsed(
    on_demand: dict[str, str] | None = None,
    spot: dict[str, str] | None = None,
    region: str = "us-east-1",
    problem: Exception | None = None,
    **files: list[dict[str, Any]],
) -> Parsed:
    """What became of the rows of North Virginia's files, or of a problem with them, and of one region's spot prices."""
    windows = {"name": "mswin", "prices": {"USD": "9.9"}}
    sizes = [
        {"size": name, "valueColumns": [windows, {"name": "linux", "prices": {"USD": price}}]}
        for name, price in (spot or {}).items()
    ]
    regions = [{"region": region, "instanceTypes": [{"type": "gpuInstances", "sizes": sizes}]}]
    listed = {"price": [machine(name, price) for name, price in (on_demand or {}).items()], **files}
    records = {field: [Record(one) for one in machines] for field, machines in listed.items()}
    document = {"regions": [Region("us-east-1", problem or records)], "spot": {"config": {"regions": regions}}}
    return offers.parse(document)


@pytest.mark.parametrize(
    ("name", "region", "price", "gpus"),
    [
        ("p5.48xlarge", "us-east-1", "55.04", "8 H100 80GB SXM"),
        ("p5.48xlarge", "eu-north-1", "58.8928", "8 H100 80GB SXM"),
        ("p4d.24xlarge", "us-east-1", "21.957642", "8 A100 40GB SXM"),
        ("p4de.24xlarge", "us-west-2", "27.44705", "8 A100 80GB SXM"),
        ("p5en.48xlarge", "us-west-2", "63.296", "8 H200 SXM"),
        ("p6-b200.48xlarge", "us-east-2", "113.9328", "8 B200"),
        ("g6e.xlarge", "eu-central-1", "2.327", "1 L40S"),
    ],
)
def test_prices_on_demand_are_those_after_the_cut_of_june_2025(
    replayed: Callable[[str], list[Offer]], name: str, region: str, price: str, gpus: str
) -> None:
    [offer] = [o for o in replayed("aws") if (o.instance_type, o.region) == (name, region) and o.price]
    assert (offer.price, f"{offer.gpu_count} {offer.gpu_name}") == (Decimal(price), gpus)


@pytest.mark.parametrize("gpu", ["A100 40GB SXM", "A100 80GB SXM", "H100 80GB SXM", "H200 SXM", "B200", "L40S", "L4"])
def test_each_common_gpu_has_a_price_on_demand_in_three_regions(
    replayed: Callable[[str], list[Offer]], gpu: str
) -> None:
    assert len({o.region for o in replayed("aws") if o.gpu_name == gpu and o.price}) >= 3


def test_a_row_states_one_price_of_an_offer() -> None:
    there, here = read({"g6.xlarge": "0.8048000000"}, {"g6.xlarge": "0.3052"}, "eu-west-1")
    assert (here.region, here.price, here.price_spot) == ("eu-west-1", None, Decimal("0.3052"))
    assert (there.region, there.price, there.vcpu_count, there.ram_gb) == ("us-east-1", Decimal("0.8048"), 4, 16)


def test_a_spot_price_under_an_old_name_of_the_region_is_of_the_same_offer() -> None:
    assert {offer.region for offer in read({"p5.48xlarge": "55.04"}, {"p5.48xlarge": "21.7"}, "us-east")} == {
        "us-east-1"
    }


def test_a_spot_price_of_a_local_zone_is_of_its_group() -> None:
    [offer] = read(spot={"g6.xlarge": "0.41"}, region="us-west-2-lax-1a")
    assert offer.region == "us-west-2-lax-1"


@pytest.mark.parametrize("named", ["us-east-1", "us-east"])
def test_stored_offers_of_a_region_are_kept_while_its_files_are_missing(named: str) -> None:
    slow = SourceUnavailable("aws", "https://... took longer than 60 s", code="timeout")
    found = parsed(spot={"p5.48xlarge": "21.3", "m7i.large": "0.1"}, region=named, problem=slow)
    region, size = found.unreadable
    assert (region.instance_type, region.reason) == (
        "",
        "price files of us-east-1: aws: https://... took longer than 60 s",
    )
    assert (size.instance_type, size.region) == ("p5.48xlarge", "us-east-1")
    assert [row.rule for row in found.left_out] == ["no_gpu"]


def test_a_machine_without_a_price_costs_itself() -> None:
    found = parsed(price=[machine("p5.48xlarge", "55.04"), {"Instance Type": "p4d.24xlarge"}])
    assert [o.instance_type for o in found.offers] == ["p5.48xlarge"]
    assert [(row.instance_type, row.reason) for row in found.unreadable] == [
        ("p4d.24xlarge", "'p4d.24xlarge': no \"price\"")
    ]


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


def test_cpu_types_and_types_not_for_rent_make_no_offer() -> None:
    assert read({"m7i.large": "0.1", "c7g.xlarge": "0.14"}, {"t3.micro": "0.003", "g6.xlarge": "N/A*"}) == []


def test_reserved_and_spot_prices_are_of_the_same_offer() -> None:
    years = {"price_1y": [machine("p4d.24xlarge", "20.1")], "price_3y": [machine("p4d.24xlarge", "13.4")]}
    rows = read({"p4d.24xlarge": "21.957642"}, {"p4d.24xlarge": "9.5"}, **years)
    assert {(row.instance_type, row.region, row.gpu_count) for row in rows} == {("p4d.24xlarge", "us-east-1", 8)}
    assert [(row.price, row.price_1y, row.price_3y, row.price_spot) for row in rows] == [
        (Decimal("21.957642"), None, None, None),
        (None, Decimal("20.1"), None, None),
        (None, None, Decimal("13.4"), None),
        (None, None, None, Decimal("9.5")),
    ]


def test_machines_that_come_with_software_are_left_out() -> None:
    assert read(price_1y=[machine("g5.xlarge", "3.2", **{"Pre Installed S/W": "SQL Web"})]) == []


def answer(files: dict[str, Any], request: Request) -> Capture:
    """The answer by the end of its address; text is the code of an error to raise."""
    body = next((body for end, body in files.items() if request.url.endswith(end)), None)
    if not isinstance(body, dict):
        raise SourceUnavailable("aws", "no such file", code=body or "denied")
    content = json.dumps(body).encode()
    return Capture("aws", request, 200, datetime(2026, 1, 1, tzinfo=UTC), "application/json", content)


def document_of(files: dict[str, Any]) -> tuple[Any, list[str]]:
    """What the source yields, given files by the end of their addresses, and the addresses that it requested."""
    asked: list[str] = []

    async def fetch(request: Request) -> Capture:
        asked.append(request.url)
        return answer(files, request)

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
    assert [(o.region, o.price, o.price_3y) for o in offers(document)] == [
        ("us-west-2", Decimal("55.04"), None),
        ("eu-central-1", Decimal("68.8"), None),
        ("eu-central-1", None, Decimal("30.1")),
    ]
    assert not any("Denver" in url for url in asked)


OREGON = {"(Oregon)/Linux/index.json": listed("US West (Oregon)", "55.04")}


def test_a_file_that_cannot_be_read_now_is_no_missing_file() -> None:
    with pytest.raises(SourceUnavailable, match="no such file"):
        document_of({"locations.json": PLACES, "spot.json": SPOT, "(Oregon)/Linux/index.json": "server_error"})


@pytest.mark.parametrize("file", ["server_error", "timeout", {"regions": {}}, {"regions": {"EU (Frankfurt)": 5}}])
def test_an_odd_file_costs_its_own_region_only(file: Any) -> None:
    files = {"locations.json": PLACES, "spot.json": SPOT, **OREGON, "(Frankfurt)/Linux/index.json": file}
    found = offers.parse(document_of(files)[0])
    assert [o.region for o in found.offers] == ["us-west-2"]
    assert [(row.instance_type, "eu-central-1" in row.reason) for row in found.unreadable] == [("", True)]


@pytest.mark.parametrize("field", ["name", "code", "type"])
def test_no_region_vanishes_for_a_place_that_lacks_a_field(field: str) -> None:
    places = {name: {key: value for key, value in one.items() if key != field} for name, one in PLACES.items()}
    found = offers.parse(document_of({"locations.json": places, "spot.json": SPOT, **OREGON})[0])
    assert len(found.offers) + len(found.unreadable) == 1
    assert [row.reason for row in found.unreadable] == (
        ["'p5.48xlarge': no \"code\" of its place"] if field == "code" else []
    )


def test_regions_are_read_at_the_same_time_and_a_slow_one_keeps_none_waiting() -> None:
    files = {"locations.json": dict(reversed(PLACES.items())), "spot.json": SPOT, **OREGON}
    files["(Frankfurt)/Linux/index.json"] = listed("EU (Frankfurt)", "68.8")
    oregon_is_read = asyncio.Event()

    async def fetch(request: Request) -> Capture:
        if "(Frankfurt)" in request.url:  # asked first; would wait for ever, were it asked alone
            await asyncio.wait_for(oregon_is_read.wait(), 5)
        if "3%20year" in request.url and "(Oregon)" in request.url:
            oregon_is_read.set()
        return answer(files, request)

    assert {o.region for o in offers(asyncio.run(SOURCE.document(fetch)))} == {"us-west-2", "eu-central-1"}


def test_on_demand_prices_of_no_region_are_an_error_though_there_are_spot_prices() -> None:
    with pytest.raises(ValueError, match="of any of 2 regions"):
        document_of({"locations.json": PLACES, "spot.json": SPOT})


def test_a_place_that_is_none_costs_its_own_row() -> None:
    places = {**PLACES, "EU (Frankfurt)": "gone"}
    found = offers.parse(document_of({"locations.json": places, "spot.json": SPOT, **OREGON})[0])
    assert [o.region for o in found.offers] == ["us-west-2"]
    assert len(found.unreadable) == 1
