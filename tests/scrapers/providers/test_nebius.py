import json
from decimal import Decimal

import pytest

from scrapers.providers import nebius
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers

HEADINGS = ["Item", "vCPUs", "RAM, GB", "Preemptible, GPU-hour", "On-demand, GPU-hour"]


def page_with(*tables):
    blocks = [{"table": {"content": table}} for table in tables]
    stream = f"0:{json.dumps(['$', 'main', None, {'blocks': blocks}])}\n"
    return decoded(nebius.SOURCE, f"<script>self.__next_f.push([1,{json.dumps(stream)}])</script>")


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(nebius)
    assert offers["NVIDIA HGX B300"].price == Decimal("7.85")
    assert offers["NVIDIA HGX H100"].price == Decimal("3.85")
    assert offers["NVIDIA HGX H100"].price_spot == Decimal("2.15")
    assert offers["NVIDIA RTX PRO 6000"].price == Decimal("1.8")


def test_a_share_of_the_machine_comes_with_the_gpu() -> None:
    h100 = recorded_offers(nebius)["NVIDIA HGX H100"]
    assert (h100.price_unit, h100.vcpu_count, h100.ram_gb) == ("gpu_hour", 16, 200)


def test_the_processor_of_the_host_is_not_in_the_gpu_name() -> None:
    l40s = recorded_offers(nebius)["NVIDIA L40S with AMD CPU"]
    assert (l40s.gpu_name, l40s.price, l40s.vcpu_count) == ("NVIDIA L40S", Decimal("1.55"), None)


def test_a_gpu_to_ask_for_has_no_price() -> None:
    gb300 = recorded_offers(nebius)["NVIDIA GB300 NVL72"]
    assert (gb300.price, gb300.availability) == (None, "contact_sales")


def test_columns_are_found_by_their_headings() -> None:
    page = page_with(
        [["Item", "Price per hour"], ["AMD EPYC Genoa", "from $0.10"]],
        [[*reversed(HEADINGS), "New"], ["$4.00", "––", "200", "16", "NVIDIA HGX H300", "?"]],
    )
    offer = by_type(nebius.offers(page))["NVIDIA HGX H300"]
    assert (offer.price, offer.price_spot) == (4, None)


def test_a_renamed_column_is_an_error_that_names_the_headings() -> None:
    page = page_with([[*HEADINGS[:4], "Price"], ["NVIDIA HGX H100", "16", "200", "$1", "$2"]])
    with pytest.raises(ValueError, match="no table with the headings 'Item'"):
        by_type(nebius.offers(page))


def test_a_row_that_is_no_list_is_unreadable_by_itself() -> None:
    headings = [nebius.ITEM, nebius.CPUS, nebius.RAM, nebius.SPOT, nebius.ON_DEMAND]
    rows = ["$7.15", ["NVIDIA HGX B200", "20", "224", "$3.95", "$7.15"]]
    found = nebius.offers.parse({"0": {"content": [headings, *rows]}})
    assert [offer.instance_type for offer in found.offers] == ["NVIDIA HGX B200"]
    assert len(found.unreadable) == 1
