from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer
from scrapers.providers import akamai_linode
from scrapers.row_parser import LeftOut
from tests.scrapers.providers.replayed import by_type, recorded_offers


def parsed(**fields: Any) -> list[Offer]:
    plan = {
        "id": "g2-gpu-rtx4000a1-s",
        "label": "RTX4000 Ada x1 Small",
        "price": {"hourly": Decimal("0.52"), "monthly": Decimal("350.0")},
        "region_prices": [],
        "memory": 16384,
        "disk": 524288,
        "gpus": 1,
        **fields,
    }
    return list(akamai_linode.offers([{"data": [plan], "page": 1, "pages": 1}]))


def test_prices_are_those_of_the_answer() -> None:
    offers = recorded_offers(akamai_linode)
    assert offers["g2-gpu-rtx4000a1-s"].price == Decimal("0.52")
    assert (offers["g1-gpu-rtx6000-1"].price, offers["g1-gpu-rtx6000-1"].ram_gb) == (Decimal("1.5"), 32)


def test_a_region_with_a_price_of_its_own_is_an_offer_of_its_own() -> None:
    dearer = {"id": "id-cgk", "hourly": Decimal("0.62"), "monthly": Decimal("420.0")}
    everywhere, jakarta = parsed(region_prices=[dearer])
    assert (everywhere.region, everywhere.price, everywhere.price_month) == ("", Decimal("0.52"), 350)
    assert (jakarta.region, jakarta.price, jakarta.price_month) == ("id-cgk", Decimal("0.62"), 420)
    assert jakarta.instance_type == everywhere.instance_type


def test_a_price_in_a_region_without_gpus_is_left_out_by_name() -> None:
    plan = {"id": "g2-gpu-rtx4000a1-s", "label": "RTX4000 Ada x1", "gpus": 1, "price": {"hourly": Decimal("0.52")}}
    plan |= {"region_prices": [{"id": "br-gru", "hourly": Decimal("0.7")}], "vcpus": 4}
    parsed_rows = akamai_linode.offers.parse([{"data": [plan], "page": 1, "pages": 1}])
    assert [offer.region for offer in parsed_rows.offers] == [""]
    assert parsed_rows.left_out == [LeftOut("no_such_machine", "RTX4000 Ada x1 in br-gru")]


@pytest.mark.parametrize(
    ("label", "gpu"),
    [
        ("Dedicated 32GB + RTX6000 GPU x1", "RTX6000"),
        ("RTX4000 Ada x4 Medium", "RTX4000 Ada"),
        ("RTX PRO 6000 Blackwell x2", "RTX PRO 6000 Blackwell"),
        ("B300 x8", "B300 x8"),
    ],
)
def test_the_label_tells_the_gpu_or_stands_for_it(label: str, gpu: str) -> None:
    [offer] = parsed(label=label)
    assert offer.gpu_name == gpu


def test_sizes_are_in_megabytes() -> None:
    [offer] = parsed()
    assert (offer.ram_gb, offer.storage_gb) == (16, 512)


def test_plans_without_a_gpu_are_left_out() -> None:
    assert not by_type(parsed(gpus=0, label="NETINT VPU x1"))
