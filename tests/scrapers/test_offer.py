from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Offer, Unreadable


def offer(**fields: Any) -> Offer:
    stated = {"instance_type": "h100x8", "gpu_name": "H100 SXM", "price": "2.49", "currency": "USD"}
    return Offer(**(stated | {"price_unit": "gpu_hour"} | fields))


def test_amounts_are_exact() -> None:
    assert offer(price="0.1").price == Decimal("0.1")
    assert offer(price=0.1).price == Decimal("0.1")


@pytest.mark.parametrize(
    "fields",
    [
        {"price": 0},
        {"price": -1},
        {"price": "NaN"},
        {"price": "Infinity"},
        {"price": "1e8"},
        {"price": Decimal("1E-999999999")},
        {"price": Decimal("0." + "1" * 5000)},
        {"gpu_share": Decimal("1E-999999999")},
        {"gpu_memory_gb": Decimal("1E-999999999")},
        {"ram_gb": Decimal("0." + "1" * 5000)},
        {"price": None},
        {"price": "two"},
        {"gpu_count": 0},
        {"gpu_count": 0.5},
        {"gpu_share": 0},
        {"gpu_share": "1.5"},
        {"gpu_share": "0.5", "gpu_count": 2},
        {"size_stated": False, "gpu_count": 8},
        {"size_stated": False, "price_unit": "instance_hour"},
        {"currency": "usd"},
        {"currency": "$"},
        {"price_unit": "hour"},
        {"instance_type": " "},
        {"instance_type": "x" * 101},
        {"gpu_name": "H100\x1b[31m"},
        {"region": "\ud800"},
        {"colour": "green"},
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        offer(**fields)


def test_price_on_request_needs_no_price() -> None:
    assert offer(price=None, availability="contact_sales").price is None


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1, False)),
        ({"gpu_count": None}, (1, False)),
        ({"gpu_count": None, "price_unit": "gpu_second"}, (1, False)),
        ({"gpu_count": 1}, (1, True)),
        ({"gpu_count": 8}, (8, True)),
        ({"price_unit": "instance_hour"}, (1, True)),
    ],
)
def test_a_price_per_gpu_without_a_number_of_gpus_tells_no_size(fields: dict[str, Any], size: tuple[int, bool]) -> None:
    found = offer(**fields)
    assert (found.gpu_count, found.size_stated) == size


def test_raw_values_lose_what_no_database_keeps() -> None:
    assert offer(raw={"name\0": ["a\0", "\ud800", 1, None]}).raw == {"name\ufffd": ["a\ufffd", "?", 1, None]}


def test_markup_in_a_name_is_text_like_any_other() -> None:
    assert offer(instance_name="</script><img src=x>").instance_name == "</script><img src=x>"


def refusal(**fields: Any) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        offer(**fields)
    return caught.value


def test_a_wrong_offer_says_which_field_and_which_offer_it_was_to_be() -> None:
    error = refusal(instance_type=" b  ", region="eu ", gpu_count=0)
    assert str(error) == "gpu_count is 0; Input should be greater than or equal to 1"
    assert error.key == ("b", "eu")


def test_a_field_that_is_missing_is_named_without_words_of_a_program() -> None:
    assert str(refusal(gpu_name=None)) == "no gpu_name"
    assert str(refusal(price="two")) == 'price is "two", not an amount above 0 and below 100,000,000'


def test_an_odd_price_beside_a_good_one_is_set_aside_by_itself() -> None:
    found = offer(price_spot="-1", price_1y=Unreadable('"yearly" is null'))
    assert (found.price, found.price_spot, found.price_1y) == (Decimal("2.49"), None, None)
    assert found.odd_prices["price_1y"] == '"yearly" is null'
    assert found.odd_prices["price_spot"].startswith('price_spot is "-1"')


def test_reasons_are_one_bounded_printable_line() -> None:
    reason = str(refusal(instance_type="x\x1b[31m\n" * 1000, price="y" * 100_000))
    assert len(reason) < 300
    assert reason.isprintable()
