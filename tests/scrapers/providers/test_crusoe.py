from decimal import Decimal

import pytest

from scrapers.providers import crusoe
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers

PAGE = """<div class="pricing-dd"><h3>{section}</h3><div role="listitem"><h4>NVIDIA H100</h4>
<div class="pricing-tag">80GB</div><div class="pricing-tag">HGX</div>
<div class="pricing-rich"><p>{price}</p></div><div class="pricing-rich"><p>{spot}</p></div></div></div>
<div class="pricing-dd"><h3>Self-Serve Deployments</h3><div role="listitem"><h4>NVIDIA H100</h4>
<div class="pricing-rich">$5.50</div></div></div>"""


def page(price="$3.90/GPU-hr", spot="Contact sales", section="GPU instances pricing"):
    return decoded(crusoe.SOURCE, PAGE.format(price=price, spot=spot, section=section))


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(crusoe)
    assert offers["NVIDIA H100 80GB HGX"].price == Decimal("3.9")
    assert offers["NVIDIA A100 80GB PCIe"].price == 2
    assert offers["NVIDIA A100 80GB SXM"].price == Decimal("2.3")
    assert offers["AMD MI300X 192GB"].price == Decimal("3.45")


def test_prices_are_per_gpu() -> None:
    h200 = recorded_offers(crusoe)["NVIDIA H200 141GB HGX"]
    assert (h200.price_unit, h200.gpu_count, h200.gpu_memory_gb) == ("gpu_hour", 1, 141)


def test_a_gpu_to_ask_for_has_no_price() -> None:
    assert recorded_offers(crusoe)["NVIDIA B200 180GB HGX"].availability == "contact_sales"


def test_a_spot_price_is_taken_where_there_is_one() -> None:
    offer = by_type(crusoe.offers(page(spot="$1.60/GPU-hr")))["NVIDIA H100 80GB HGX"]
    assert (offer.price, offer.price_spot) == (Decimal("3.9"), Decimal("1.6"))


def test_other_products_of_the_same_gpu_are_left_out() -> None:
    assert [*by_type(crusoe.offers(page()))] == ["NVIDIA H100 80GB HGX"]


def test_a_price_in_another_unit_is_an_error() -> None:
    [row] = crusoe.offers.parse(page(price="31.20 USD/node-hr")).unreadable
    assert "'31.20 USD/node-hr' is not a price per GPU-hour" in row.reason


def test_a_spot_price_is_kept_beside_an_odd_one() -> None:
    [offer] = crusoe.offers.parse(page(price="$4.90/GPU-hr $3.90/GPU-hr", spot="$1.60/GPU-hr")).offers
    assert (offer.price, offer.price_spot, [*offer.odd_prices]) == (None, Decimal("1.6"), ["price"])


def test_a_page_without_the_section_is_an_error() -> None:
    with pytest.raises(ValueError, match="no section 'GPU instances pricing'"):
        by_type(crusoe.offers(page(section="GPUs")))
