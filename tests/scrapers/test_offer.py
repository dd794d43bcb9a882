from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scrapers.offer import Offer, collecting, sound


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
        {"price": None},
        {"price": "two"},
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
        {"colour": "green"},
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        offer(**fields)


def test_price_on_request_needs_no_price() -> None:
    assert offer(price=None, availability="contact_sales").price is None


def test_raw_values_lose_what_no_database_keeps() -> None:
    assert offer(raw={"name\0": ["a\0", "\ud800", 1, None]}).raw == {"name\ufffd": ["a\ufffd", "?", 1, None]}


def test_markup_in_a_name_is_text_like_any_other() -> None:
    assert offer(instance_name="</script><img src=x>").instance_name == "</script><img src=x>"


def three() -> Iterator[Offer]:
    yield offer(instance_type="a")
    yield offer(instance_type="b", price=-1)
    yield offer(instance_type="c")


def test_collecting_lets_a_generator_go_on_past_a_wrong_offer() -> None:
    with collecting() as rejected:
        found = list(three())
    assert [one.instance_type for one in sound(found, rejected)] == ["a", "c"]
    assert [one.reason for one in rejected] == ["'b': price is -1; Input should be greater than 0"]
    assert rejected[0].raw["instance_type"] == "b"


def test_outside_collecting_a_wrong_offer_is_an_error() -> None:
    with collecting():
        pass
    with pytest.raises(ValidationError):
        list(three())


def test_reasons_are_one_bounded_printable_line() -> None:
    with collecting() as rejected:
        offer(instance_type="x\x1b[31m\n" * 1000, price="y" * 100_000)
    assert len(rejected[0].reason) < 300
    assert rejected[0].reason.isprintable()
