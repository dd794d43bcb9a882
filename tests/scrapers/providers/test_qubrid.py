from decimal import Decimal

import pytest

from scrapers.providers import qubrid
from tests.scrapers.providers.replayed import parsed, recorded_offers

TABLE = "<table><tr><th>GPU</th><th>{unit}</th></tr><tr><td>NVIDIA L4</td><td>$1.05</td><td>$0.94</td></tr></table>"


def test_prices_are_those_of_the_table() -> None:
    offers = recorded_offers(qubrid)
    assert offers["NVIDIA T4 16 GB"].price == Decimal("0.73")
    assert offers["NVIDIA A100 PCIe 40 GB"].price == Decimal("1.5")
    assert offers["NVIDIA H200 SXM 141 GB"].price == Decimal("4.55")


def test_the_first_of_several_prices_is_on_demand() -> None:
    [row] = parsed(qubrid, TABLE.format(unit="Price per hour")).offers
    assert row.price == Decimal("1.05")


def test_a_table_without_a_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="no GPU with a price in USD per hour"):
        parsed(qubrid, TABLE.format(unit="Price"))
