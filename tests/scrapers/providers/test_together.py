from decimal import Decimal

import pytest

from scrapers.providers import together
from tests.scrapers.providers.replayed import parsed, recorded_offers

PAGE = """<div><div id="{section}"></div><div><table><thead><tr><th rowspan="2"><p>Hardware</p></th><th>{heading}</th>
<th>Stock</th></tr><tr><th>Pay as you go</th></tr></thead><tbody><tr><td>NVIDIA HGX H100</td><td>$4.10</td><td>many</td>
</tr></tbody></table></div></div>"""


def rows(section="gpu-clusters", heading="ON-Demand"):
    page = PAGE.format(section=section, heading=heading)
    return parsed(together, page).offers


def test_prices_are_those_of_gpu_clusters() -> None:
    offers = recorded_offers(together)
    assert offers["NVIDIA HGX H100"].price == Decimal("3.99")
    assert offers["NVIDIA HGX B200"].price == Decimal("8.19")
    assert offers["NVIDIA HGX H200"].price_unit == "gpu_hour"


def test_a_gpu_without_an_on_demand_price_is_to_ask_for() -> None:
    rack = recorded_offers(together)["NVIDIA GB300 NVL72"]
    assert (rack.price, rack.availability) == (None, "contact_sales")


def test_a_further_column_changes_nothing() -> None:
    assert [row.price for row in rows()] == [Decimal("4.10")]


@pytest.mark.parametrize("page", [{"section": "dedicated-inference"}, {"heading": "Hourly"}, {"heading": "Reserved"}])
def test_other_tables_are_not_read(page) -> None:
    assert rows(**page) == []
