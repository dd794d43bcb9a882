from decimal import Decimal

from scrapers.providers import beyond_pl
from tests.scrapers.providers.replayed import recorded_offers


def test_the_price_is_per_gpu_of_a_server_of_eight() -> None:
    offer = recorded_offers(beyond_pl)["8x B200"]
    assert (offer.price, offer.price_unit, offer.gpu_count) == (Decimal("4.5"), "gpu_hour", 8)


def test_the_provider_is_not_fetched() -> None:
    assert beyond_pl.PROVIDER.source_class == "stated"
