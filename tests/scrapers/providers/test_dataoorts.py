from decimal import Decimal

from scrapers.providers import dataoorts
from tests.scrapers.providers.replayed import by_type, combined, decoded, recorded_offers


def test_prices_are_those_of_the_page() -> None:
    offers = recorded_offers(dataoorts)
    a4000 = offers["NVIDIA RTX A4000, 16 GB, 4 vCPU, 20 GB RAM"]
    assert (a4000.price, a4000.price_spot) == (Decimal("0.13"), Decimal("0.09"))
    assert offers["NVIDIA H100 SXM5, 80 GB, 32 vCPU, 185 GB RAM"].price == Decimal("2.27")
    assert offers["NVIDIA H100 SXM5, 80 GB, 28 vCPU, 180 GB RAM"].price == Decimal("1.92")


def test_an_unknown_size_is_left_out_of_the_name() -> None:
    offer = recorded_offers(dataoorts)["NVIDIA GeForce RTX 5090, 32 GB"]
    assert (offer.price, offer.vcpu_count, offer.ram_gb) == (Decimal("0.65"), None, None)


def test_columns_are_told_by_their_headings_in_any_order() -> None:
    body = """<table><tr><th>On-demand price</th><th>Notes</th><th>GPU</th><th>VRAM</th></tr>
    <tr><td>$2.49 /hr</td><td>dynamic</td><td>NVIDIA H200</td><td>141 GB</td></tr>
    <tr><td>Contact us</td><td></td><td>NVIDIA B300</td><td>288 GB</td></tr></table>
    <table><tr><th>Storage</th><th>Price</th></tr><tr><td>SSD</td><td>$0.00015</td></tr></table>"""
    offers = by_type(dataoorts.offers(decoded(dataoorts.SOURCE, body)))
    assert {name: offer.price for name, offer in offers.items()} == {"NVIDIA H200, 141 GB": Decimal("2.49")}


def test_rows_of_one_configuration_make_one_offer() -> None:
    head = "<tr><th>GPU</th><th>{}</th></tr><tr><td>NVIDIA L40</td><td>{}</td></tr>"
    body = "".join(f"<table>{head.format(*row)}</table>" for row in (("On-Demand", "$0.89"), ("Spot", "$0.58")))
    offer = combined(dataoorts.offers(decoded(dataoorts.SOURCE, body)))["NVIDIA L40"]
    assert (offer.price, offer.price_spot) == (Decimal("0.89"), Decimal("0.58"))
