from decimal import Decimal

from scrapers.providers import packet_ai
from tests.scrapers.providers.replayed import parsed, recorded_offers


def test_prices_are_those_of_the_cards() -> None:
    offers = recorded_offers(packet_ai)
    assert offers["NVIDIA L40S 48 GB"].price == Decimal("0.92")
    assert offers["NVIDIA A100 80 GB"].price == Decimal("1.43")
    assert offers["NVIDIA B200 NVL 180 GB"].price == Decimal("3.75")


def test_the_pro_is_not_the_older_rtx_6000() -> None:
    card = recorded_offers(packet_ai)["NVIDIA RTX 6000 Pro 96 GB"]
    assert (card.gpu_name, card.gpu_memory_gb, card.price) == ("NVIDIA RTX 6000 Pro", 96, Decimal("0.66"))


def test_an_announcement_is_read_like_a_card_only_with_its_unit() -> None:
    text = "<p>B200 bare metal now at $5.6/hr</p><p>H200 from $2,250 for a month</p>"
    assert [(card.gpu_name, card.price) for card in parsed(packet_ai, text).offers] == [("B200", Decimal("5.6"))]
