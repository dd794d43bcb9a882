from decimal import Decimal

from scrapers.offer import Offer
from scrapers.providers import tensordock
from tests.scrapers.providers.replayed import by_type, decoded, recorded_offers


def parsed(*rows: str) -> dict[str, Offer]:
    body = f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    return by_type(tensordock.offers(decoded(tensordock.SOURCE, body)))


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(tensordock)
    assert offers["H100 SXM5 80GB"].price == Decimal("2.25")
    assert offers["V100 SXM2 16GB"].price == Decimal("0.17")
    assert offers["RTX A4000 16GB"].price == Decimal("0.1")


def test_a_price_is_the_gpus_alone() -> None:
    offer = recorded_offers(tensordock)["RTX 4090 24GB"]
    assert (offer.price_basis, offer.price_unit, offer.gpu_memory_gb) == ("gpu_only", "gpu_hour", 24)


def test_a_price_is_the_first_cell_in_dollars() -> None:
    offers = parsed("<th>NVIDIA L40 48 GB</th><td>48 GB</td><td>$0.95/hr</td><td>$690.00</td>")
    assert offers["NVIDIA L40 48 GB"].price == Decimal("0.95")


def test_processors_memory_and_gpus_without_a_price_are_left_out() -> None:
    rows = ["<th>vCPU</th><td>$0.003</td>", "<th>RAM per GB</th><td>$0.002</td>", "<th>H200 141GB</th><td>Contact</td>"]
    assert not parsed(*rows, "<th>GPU</th><th>Price</th>")


def test_a_hidden_row_is_none() -> None:
    assert not parsed('<th>RTX 3090 24GB</th><td style="display: none">$0.20</td><td>Contact us</td>')
