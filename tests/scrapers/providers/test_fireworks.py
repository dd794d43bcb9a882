from decimal import Decimal

import pytest

from scrapers.providers import fireworks
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_table() -> None:
    offers = recorded_offers(fireworks)
    assert offers["H100 80 GB"].price == offers["H200 141 GB"].price == 7
    assert offers["B200 180 GB"].price == 10
    assert offers["GB300 288 GB"].price == 18


def test_a_price_pays_for_serving_too() -> None:
    assert {offer.price_basis for offer in recorded_offers(fireworks).values()} == {"bundle"}


def test_prices_per_token_are_left_out() -> None:
    page = "<p>$ / hour (billed per second)</p><p>A100 80 GB GPU $2.90</p><p>Embeddings on L4 $0.008 / 1M tokens</p>"
    [row] = parsed(fireworks, page).offers
    assert (row.gpu_name, row.gpu_memory_gb, row.price) == ("A100", 80, Decimal("2.90"))


def test_a_page_of_tokens_only_is_an_error() -> None:
    with pytest.raises(ValueError, match="no GPU with a price in USD per hour"):
        parsed(fireworks, "<p>H100 $0.20 / 1M tokens</p>")
