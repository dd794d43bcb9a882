from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from scrapers.offer import Draft, Unreadable
from scrapers.records import Record, record
from scrapers.row_parser import RULES, LeftOut, RowParser, split_each


def rows(answer: Any) -> Iterator[Any]:
    return split_each(record(answer).records("plans"), lambda plan: [(plan, place) for place in plan.texts("places")])


def read(row: tuple[Record, str]) -> Draft | LeftOut:
    plan, place = row
    if not plan.count("gpus"):
        return LeftOut("no_gpu", plan.text("id"))
    price, spot = plan.price("cents", per=100), plan.price("bid", None)
    stated: dict[str, Any] = {"instance_type": plan.text("id"), "gpu_name": plan.text("gpu"), "region": place}
    return Draft(
        **stated, gpu_count=plan.count("gpus"), price=price, price_spot=spot, currency="USD", price_unit="gpu_hour"
    )


offers = RowParser("a plan in a place", rows, read, key=lambda row: (row[0].text("id"), row[1]))


def plan(**fields: Any) -> dict[str, Any]:
    return {"id": "h100x8 ", "gpu": "H100", "gpus": 8, "cents": 250, "places": ["eu", "us"]} | fields


def parsed(*plans: Any) -> Any:
    return offers.parse({"plans": list(plans)})


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in plan().items() if key != name}


def test_every_row_ends_somewhere() -> None:
    found = parsed(plan(), plan(gpus=0), without("gpu"), None)
    assert (len(found.offers), len(found.left_out), len(found.unreadable), found.rows) == (2, 2, 3, 7)


def test_too_many_rows_are_an_error() -> None:
    few = replace(offers, at_most=3)
    assert few.parse({"plans": [plan(), plan(places=["eu"])]}).rows == 3
    with pytest.raises(ValueError, match="more than 3 rows, each a plan in a place"):
        few.parse({"plans": [plan(), plan()]})


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (without("gpu"), """'h100x8': no "gpu\""""),
        (plan(gpu=None), """'h100x8': "gpu" is null"""),
        (plan(gpus="many"), """'h100x8': "gpus" is "many", not a whole number"""),
        (plan(gpu=["H100"]), """'h100x8': "gpu" is a list, not text"""),
        (plan(cents="?"), """'h100x8': "cents" is "?", not a price in USD"""),
        (plan(gpus=9999), "'h100x8': gpu_count is 9999; Input should be less than or equal to 1024"),
    ],
)
def test_an_odd_row_is_unreadable_by_itself_with_its_name_and_field(odd: Any, reason: str) -> None:
    found = parsed(odd, plan())
    assert [(row.reason, row.instance_type, row.region) for row in found.unreadable] == [
        (reason, "h100x8", place) for place in ("eu", "us")
    ]
    assert len(found.offers) == 2


def test_a_whole_that_can_not_be_split_into_rows_is_one_row() -> None:
    (row,) = parsed(plan(places=None), plan()).unreadable
    assert (row.reason, row.instance_type) == ("'h100x8': \"places\" is null", "")


def test_numbers_may_be_text() -> None:
    (offer, _) = parsed(plan(gpus="8", cents="250.5")).offers
    assert (offer.gpu_count, offer.price) == (8, Decimal("2.505"))


def test_an_absurd_bid_leaves_the_price_beside_it() -> None:
    (offer, _) = parsed(plan(bid="cheap")).offers
    assert (offer.price, offer.price_spot) == (Decimal("2.5"), None)
    assert offer.odd_prices == {"price_spot": '"bid" is "cheap", not a price in USD'}


@pytest.mark.parametrize("answer", [{}, {"plans": None}, {"plans": {"a": 1}}, [], "text", None])
def test_an_answer_of_another_shape_is_an_error(answer: Any) -> None:
    with pytest.raises(Unreadable):
        offers.parse(answer)


def test_every_rule_is_put_in_words() -> None:
    assert all(words and words == words.strip() for words in RULES.values())
