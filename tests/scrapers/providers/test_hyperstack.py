from decimal import Decimal

from scrapers.providers import hyperstack
from tests.scrapers.providers.conftest import offers_of
from tests.scrapers.providers.replayed import combined, decoded


def table(titles, *rows):
    head = "".join(f'<div class="page-price_card_head_item"><span>{title}&nbsp;</span></div>' for title in titles)
    cells = (
        "".join(f'<div class="page-price_card_row_item_col"><span>&nbsp;{cell}</span></div>' for cell in row)
        for row in rows
    )
    body = "".join(f'<div class="page-price_card_row_item">{row}</div>' for row in cells)
    return f'<div class="page-price_card_main">{head}{body}</div>'


def parsed(*tables):
    return combined(hyperstack.offers(decoded(hyperstack.SOURCE, "".join(tables))))


def offers_of_both():
    return combined(offers_of("hyperstack"))


def test_prices_are_those_of_the_page() -> None:
    offers = offers_of_both()
    assert offers["NVIDIA H100 SXM"].price == Decimal("3.2")
    assert offers["NVIDIA H100"].price == Decimal("2.5")
    assert offers["NVIDIA RTX Pro 6000 SE"].price == Decimal("1.85")
    assert offers["NVIDIA A4000"].price == Decimal("0.15")


def test_a_gpu_comes_with_its_share_of_the_machine() -> None:
    h200 = offers_of_both()["NVIDIA H200 SXM"]
    assert (h200.price_unit, h200.gpu_memory_gb, h200.vcpu_count, h200.ram_gb) == ("gpu_hour", 141, 22, 225)


def test_the_spot_price_joins_the_gpu_of_the_same_name() -> None:
    offers = offers_of_both()
    assert (offers["NVIDIA L40"].price, offers["NVIDIA L40"].price_spot) == (1, Decimal("0.8"))
    assert (offers["NVIDIA H100 PCIe"].price, offers["NVIDIA H100 PCIe"].price_spot) == (None, 2)


def test_reservations_and_processors_are_left_out() -> None:
    offers = parsed(
        table(["GPU Model", "Starting from", "Reserve"], ["NVIDIA H100", "$1.75", "Reserve here"]),
        table(["CPU Flavor", "RAM (GB)", "Pricing Per Hour"], ["n1-cpu-small", "4", "$0.35"]),
        table(["GPU Model", "VRAM (GB)", "Pricing Per Hour"], ["NVIDIA H100", "80", "$2.50"]),
    )
    assert {name: offer.price for name, offer in offers.items()} == {"NVIDIA H100": Decimal("2.5")}


def test_a_gpu_to_ask_for_has_no_price() -> None:
    offers = parsed(table(["GPU Model", "VRAM (GB)", "Pricing Per Hour"], ["NVIDIA GB300", "288", "Contact us"]))
    assert offers["NVIDIA GB300"].availability == "contact_sales"
