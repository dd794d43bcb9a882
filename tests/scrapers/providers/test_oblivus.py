from decimal import Decimal

import pytest

from scrapers.providers import oblivus
from tests.scrapers.providers.replayed import parsed, recorded_offers

TABLE = "<table><tr><th>GPU</th><th>VRAM</th><th>{unit}</th></tr><tr><td>A100 SXM</td><td>80 GB</td><td>$1.47</td></tr>"


def test_the_price_is_that_of_the_recording() -> None:
    offer = recorded_offers(oblivus)["H200"]
    assert (offer.price, offer.currency, offer.price_unit) == (Decimal("3.99"), "USD", "gpu_hour")


def test_a_further_column_changes_nothing() -> None:
    [row] = parsed(oblivus, TABLE.format(unit="$/h")).offers
    assert (row.gpu_name, row.gpu_memory_gb, row.price) == ("A100 SXM", 80, Decimal("1.47"))


def test_a_table_without_a_unit_is_an_error() -> None:
    with pytest.raises(ValueError, match="no GPU with a price in USD per hour"):
        parsed(oblivus, TABLE.format(unit="Price"))
