from scrapers.providers import cyfuture
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_rupees_an_hour() -> None:
    offer = recorded_offers(cyfuture)["H100 80 GB"]
    assert (offer.price, offer.currency, offer.price_unit) == (219, "INR", "gpu_hour")


def test_rupees_are_written_in_several_ways() -> None:
    page = "<p>L40S</p><b>Rs. 61 per hour</b><p>A100</p><b>INR 170/GPU/hr</b><p>H200</p><b>Contact us</b>"
    rows = parsed(cyfuture, page).offers
    assert {row.gpu_name: row.price for row in rows} == {"L40S": 61, "A100": 170}


def test_a_page_in_dollars_is_an_error() -> None:
    [row] = parsed(cyfuture, "<p>H100</p><b>$2.41/hr</b>").unreadable
    assert row.reason == "'H100': '$2.41' is not a price in INR"
