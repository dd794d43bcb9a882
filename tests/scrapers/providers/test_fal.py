from decimal import Decimal

import pytest

from scrapers.providers import fal
from tests.scrapers.providers.replayed import parsed, recorded_offers

PAGE = """<table><thead><tr><th>Model</th><th>Unit</th><th>Price</th></tr></thead><tbody><tr><td>Wan</td><td>second</td>
<td>$0.05</td></tr></tbody></table><table><thead><tr><th>GPU</th><th>{vram}</th><th>As low as</th><th>List Price</th>
</tr></thead><tbody><tr><td>A100</td><td>40GB</td><td>$0.99/h</td><td>{price}</td></tr></tbody></table>"""


def rows(price="$1.99/h", vram="VRAM"):
    return parsed(fal, PAGE.format(price=price, vram=vram)).offers


def test_prices_are_list_prices() -> None:
    offers = recorded_offers(fal)
    assert offers["B300"].price == Decimal("8.5")
    assert offers["H100"].price == offers["H200"].price == Decimal("4.5")
    assert offers["RTX PRO 6000"].gpu_memory_gb == 96


def test_columns_may_stand_in_another_order() -> None:
    [row] = rows()
    assert (row.gpu_name, row.gpu_memory_gb, row.price) == ("A100", 40, Decimal("1.99"))


def test_a_gpu_to_ask_for_has_no_price() -> None:
    [row] = rows(price="Contact sales")
    assert row.availability == "contact_sales"


def test_a_heading_that_is_gone_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'VRAM' in the table"):
        rows(vram="Memory")
