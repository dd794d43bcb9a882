from scrapers.providers import acecloud
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_rupees_a_month() -> None:
    offer = recorded_offers(acecloud)["HGX H100"]
    assert (offer.price, offer.price_month, offer.currency) == (None, 180_000, "INR")


def test_indian_thousands_are_read() -> None:
    page = "<p>Monthly price</p><p>L40S 48 GB</p><b>₹1,24,900</b><p>A30</p><b>₹49/hr</b>"
    [row] = parsed(acecloud, page).offers
    assert (row.gpu_name, row.price_month) == ("L40S", 124_900)
