from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scrapers.drafts import key_of, offer_of
from scrapers.offer import Draft, NoPrice, OddPrice, Offer, Unreadable


def draft(**fields: Any) -> Draft:
    stated = {"instance_type": "h100x8", "gpu_name": "H100 SXM", "price": Decimal("2.49"), "currency": "USD"}
    return Draft(**(stated | {"price_unit": "gpu_hour"} | fields))


def offer(**fields: Any) -> Offer:
    return offer_of(draft(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"price": Decimal(0)},
        {"price": Decimal(-1)},
        {"price": Decimal("NaN")},
        {"price": Decimal("Infinity")},
        {"price": Decimal("1e8")},
        {"price": Decimal("1E-999999999")},
        {"price": Decimal("0." + "1" * 5000)},
        {"gpu_share": Decimal("1E-999999999")},
        {"gpu_memory_gb": Decimal("1E-999999999")},
        {"ram_gb": Decimal("0." + "1" * 5000)},
        {"price": None},
        {"price": OddPrice("of two")},
        {"price_unit": "instance_hour"},
        {"gpu_count": 0},
        {"gpu_count": 0.5},
        {"gpu_share": 0},
        {"gpu_share": "1.5"},
        {"gpu_share": "0.5", "gpu_count": 2},
        {"currency": "usd"},
        {"currency": "$"},
        {"price_unit": "hour"},
        {"instance_type": " "},
        {"instance_type": "x" * 101},
        {"gpu_name": "H100\x1b[31m"},
        {"region": "\ud800"},
        {"upstream": "a\0"},
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        offer(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"price": -1},
        {"gpu_name": ""},
        {"size_stated": False, "gpu_count": 8},
        {"size_stated": False, "price_unit": "instance_hour"},
        {"colour": "green"},
    ],
)
def test_impossible_values_get_into_no_offer(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        replace(offer(), **fields)
    with pytest.raises((ValidationError, TypeError)):
        Offer(**{"instance_type": "a", "gpu_name": "H100", "currency": "USD", "price_unit": "gpu_hour"} | fields)


def test_price_on_request_needs_no_price() -> None:
    assert offer(price=None, availability="contact_sales").price is None


def test_a_row_without_a_price_differs_from_one_with_an_odd_price() -> None:
    assert isinstance(refusal(price=None), NoPrice)
    assert not isinstance(refusal(price=OddPrice("of two")), NoPrice)
    assert str(refusal(price=OddPrice("of two"), gpu_count=0, availability="contact_sales")) == "of two"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1, False)),
        ({"gpu_count": None}, (1, False)),
        ({"gpu_count": None, "price_unit": "gpu_second"}, (1, False)),
        ({"gpu_count": 1}, (1, True)),
        ({"gpu_count": 8}, (8, True)),
        ({"gpu_count": 1, "price_unit": "instance_hour"}, (1, True)),
    ],
)
def test_a_price_per_gpu_without_a_number_of_gpus_tells_no_size(fields: dict[str, Any], size: tuple[int, bool]) -> None:
    found = offer(**fields)
    assert (found.gpu_count, found.size_stated) == size


def test_raw_values_lose_what_the_database_cannot_store() -> None:
    assert offer(raw={"name\0": ["a\0", "\ud800", 1, None]}).raw == {"name\ufffd": ["a\ufffd", "?", 1, None]}


def test_markup_in_a_name_is_text_like_any_other() -> None:
    assert offer(instance_name="</script><img src=x>").instance_name == "</script><img src=x>"


def refusal(**fields: Any) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        offer(**fields)
    return caught.value


def test_a_wrong_offer_says_which_field_and_which_offer_it_was_to_be() -> None:
    wrong = {"instance_type": " b  ", "region": "eu ", "gpu_count": 0}
    assert str(refusal(**wrong)) == "gpu_count is 0; Input should be greater than or equal to 1"
    assert key_of(draft(**wrong)) == ("b", "eu")
    assert key_of(draft(instance_type=" ")) is None


def test_a_missing_field_is_named_without_a_programs_jargon() -> None:
    assert str(refusal(gpu_name=None)) == "no gpu_name"
    assert str(refusal(price_unit="instance_hour")) == "no gpu_count"
    assert str(refusal(price=Decimal(0))) == "price is 0, not an amount above 0 and below 100,000,000"


def test_an_odd_price_beside_a_good_one_is_set_aside_by_itself() -> None:
    found = offer(price_spot=Decimal(-1), price_1y=OddPrice('"yearly" is null'))
    assert (found.price, found.price_spot, found.price_1y) == (Decimal("2.49"), None, None)
    assert found.odd_prices["price_1y"] == '"yearly" is null'
    assert found.odd_prices["price_spot"].startswith("price_spot is -1,")


def test_reasons_are_one_bounded_printable_line() -> None:
    reason = str(refusal(instance_type="x\x1b[31m\n" * 1000, price=Decimal("9" * 100_000)))
    assert len(reason) < 300
    assert reason.isprintable()
