from decimal import Decimal

from scrapers.providers import gpuhub
from scrapers.row_parser import LeftOut
from tests.scrapers.providers.replayed import by_type, recorded_offers


def test_prices_are_those_of_the_cards() -> None:
    offers = recorded_offers(gpuhub)
    assert offers["RTX 5090 32 GB"].price == Decimal("0.38")
    assert offers["RTX Pro 6000 96 GB"].price == Decimal("0.96")
    assert (offers["A800 80G"].price, offers["A800 80G"].gpu_memory_gb) == (Decimal("1.06"), 80)


def test_a_modified_card_says_so_in_its_name() -> None:
    assert recorded_offers(gpuhub)["RTX 4090 (48 GB mod)"].gpu_name == "RTX 4090 (48 GB mod)"


def test_prices_for_a_month_are_left_out() -> None:
    offers = by_type(gpuhub.offers("RTX 5090 $199.00/mo RTX 4090 from $ 0.41 / hour"))
    assert {name: offer.price for name, offer in offers.items()} == {"RTX 4090": Decimal("0.41")}


def test_a_gpu_without_a_price_is_left_out_by_name() -> None:
    assert gpuhub.offers.parse("RTX 5090 Sign in to see prices").left_out == [LeftOut("no_price", "RTX 5090")]
