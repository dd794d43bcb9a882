from decimal import Decimal

from scrapers.providers import civo
from scrapers.row_parser import Parsed
from tests.scrapers.providers.replayed import by_type, decoded, parsed, recorded_offers

ROW = """<tr><td data-title="Size">Small<div class="product-detail">{size}</div></td><td data-title="RAM">2.5TB</td>
<td data-title="vCPU">220 <span>cores</span></td><td data-title="On-demand price"><div data-option="hourly">{price}
<span>per hour</span></div><div data-option="monthly">$941.70</div></td><td data-title="Commitment price">
<div id="12_months"><div data-option="hourly">N/A<span>per hour</span></div></div></td></tr>"""


def rows(size: str = "1 x NVIDIA L40S - 48GB", price: str = "$1.29") -> Parsed:
    row = ROW.format(size=size, price=price)
    table = f"<table><caption>NVIDIA L40S 48GB GPU pricing</caption><tbody>{row}</tbody></table>"
    return parsed(civo, f'<section id="nvidia-gpus">{table}</section>')


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(civo)
    assert len(offers) == 17
    l40s = offers["Small 1x L40S 48GB"]
    assert (l40s.price, l40s.price_1y, l40s.price_3y) == (Decimal("1.29"), Decimal("1.09"), Decimal("0.89"))
    assert offers["Extra Large 8x H100 SXM 80GB"].price == Decimal("23.92")


def test_the_caption_tells_the_form_factor_and_the_row_the_memory() -> None:
    h200 = recorded_offers(civo)["Small 1x H200 SXM 141GB"]
    assert (h200.gpu_name, h200.gpu_memory_gb, h200.vcpu_count, h200.ram_gb) == ("H200 SXM", 141, 23, 169)


def test_a_machine_may_be_rented_with_a_commitment_only() -> None:
    b200 = recorded_offers(civo)["Extra Large 8x B200 180GB"]
    assert (b200.price, b200.price_1y, b200.price_3y) == (None, Decimal("35.92"), Decimal("30.32"))
    assert (b200.ram_gb, b200.availability) == (2560, None)


def test_a_machine_without_a_price_wants_to_be_asked() -> None:
    assert by_type(rows(price="N/A").offers)["Small 1x L40S 48GB"].availability == "contact_sales"


def test_a_row_of_another_form_is_an_error_that_quotes_it() -> None:
    [row] = rows(size="1 GPU").unreadable
    assert "'Small 1 GPU' is not a size" in row.reason


def test_an_odd_price_costs_only_itself() -> None:
    page = rows(price="<div>$1.49</div> $1.29")
    assert not page.offers
    assert "is not a price in USD" in page.unreadable[0].reason


def test_tables_of_other_products_are_left_out() -> None:
    table = "<table><caption>Civo RAM Optimized compute instance pricing</caption><tbody>"
    row = ROW.format(size="16 GB", price="$0.107137")
    page = f'{table}{row}</table><section id="nvidia-gpus">{table}{row}</table></section>'
    assert not by_type(civo.offers(decoded(civo.SOURCE, page)))
