from scrapers.providers import yotta_shakti
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_rupees_per_gpu_hour() -> None:
    offers = recorded_offers(yotta_shakti)
    assert (offers["NVIDIA L40S 48 GB"].price, offers["NVIDIA L40S 48 GB"].currency) == (137, "INR")
    assert offers["NVIDIA H100 80 GB"].price == 356
    assert offers["NVIDIA B200 180 GB"].price_unit == "gpu_hour"


def test_serverless_prices_without_a_unit_are_left_out() -> None:
    page = "<p>Per Hour, Per Compute</p><p>1 × 48 GB L40S</p><b>₹3.17</b><p>8 x HGX H100</p><b>₹351/GPU-hr</b>"
    [row] = parsed(yotta_shakti, page).offers
    assert (row.gpu_name, row.gpu_count, row.price) == ("HGX H100", 8, 351)
