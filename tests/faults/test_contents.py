"""Faults in the content of answers: every provider gets each fault once, several at a time, and none gets through.

The faults rotate as in test_transport.py.  Where a fault does not apply to a provider's answers (they state no
currency, say), they are served as recorded, and must be stored as such.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pytest

from tests.faults import contents
from tests.faults.conftest import GOOD, LATER, PRICES, asked, history, jobs, stored
from tests.faults.documents import Bodies
from tests.faults.internet import serving
from tests.faults.prices import documents, ten_times
from tests.sampling import sample

pytestmark = pytest.mark.postgres

# Codes of the parser, and of the contract.
NOTHING = {"changed", "no_offers", "few_offers", "fewer_offers", "no_prices", "missing_gpu", "many_unreadable"}
# One row of several is held back by itself; the only row fails the answer.
ONE_ROW = {None, "changed"}


class Fault(NamedTuple):
    """The bodies that a provider answers with, and the codes that its job may then have; None: completed."""

    bodies: Callable[[str], Bodies]
    codes: set[str | None]


FAULTS = {
    "right": Fault(contents.as_recorded, {None}),
    "cut short": Fault(contents.cut_short, {"changed"}),
    "a page that says sorry": Fault(contents.sorry_page, {"changed", "no_offers"}),
    "an empty list": Fault(contents.emptied, NOTHING),
    "no price field": Fault(contents.without_prices, NOTHING | ONE_ROW),
    "text for a number": Fault(contents.first_price(lambda _: "abc"), ONE_ROW),
    "NaN": Fault(contents.first_price(lambda _: "NaN"), ONE_ROW),
    "a negative price": Fault(contents.first_price("-{}".format), ONE_ROW),
    "another currency": Fault(contents.in_another_currency, {None, *NOTHING, "many_price_band"}),
}
JUMPS = {
    "one price ten times higher": contents.first_price(ten_times),
    "all prices ten times higher": contents.all_ten_times,
}


def is_untouched(slug: str, bodies: Bodies) -> bool:
    return bodies in (contents.as_recorded(slug), [one.write(one.root) for one in documents(slug)])


@pytest.mark.parametrize("number", sample(range(len(FAULTS)), 0))
def test_a_faulty_answer_is_refused_and_the_last_good_prices_stay(
    number, internet, refreshed, connection, good, monkeypatch
):
    slugs, names = [module.PROVIDER.slug for module in asked()], list(FAULTS)
    faulty = {slug: names[(place + number) % len(names)] for place, slug in enumerate(slugs)}
    answers = {slug: FAULTS[name].bodies(slug) for slug, name in faulty.items()}
    monkeypatch.setattr(internet, "faults", {slug: serving(bodies) for slug, bodies in answers.items()})
    before = history(connection)

    report = refreshed(connection, GOOD + LATER)

    ended, now = jobs(connection, report), stored(connection)
    codes = {slug: {None} if is_untouched(slug, answers[slug]) else FAULTS[faulty[slug]].codes for slug in slugs}
    assert {(slug, faulty[slug], *ended[slug]) for slug in slugs if ended[slug][1] not in codes[slug]} == set()
    restated = {slug for slug, name in faulty.items() if name == "another currency"}
    believed = {slug for slug in restated if ended[slug][1] is None}
    converted = {slug for slug in believed if now[slug] != good[slug]}  # else every row was held back by itself
    assert {(slug, faulty[slug]) for slug in slugs if slug not in converted and now[slug] != good[slug]} == set()
    for slug in converted:
        assert_converted(connection, good[slug], now[slug])
    assert [row for row in history(connection) if row[0] not in converted] == [
        row for row in before if row[0] not in converted
    ]


def assert_converted(connection, before, after):
    """Fail unless the amounts charged are the same, in another currency, with dollar prices at that day's rate."""
    assert before.keys() == after.keys()
    for key, (currency, *amounts) in after.items():
        rate = connection.execute(
            "select usd_per_unit from exchange_rates where currency = %s and rate_date <= %s"
            " order by rate_date desc limit 1",
            [currency, (GOOD + LATER).date()],
        ).fetchone()
        dollars, charged = amounts[: len(PRICES)], amounts[len(PRICES) :]
        assert currency != before[key][0]
        assert charged == list(before[key][1 + len(PRICES) :])
        assert [in_dollars(amount, rate[0], column) for amount, column in zip(charged, PRICES, strict=True)] == dollars


def in_dollars(amount, rate, column):
    scale = Decimal("0.01") if column == "price_per_month" else Decimal("0.0001")
    return amount and (amount * rate).quantize(scale, ROUND_HALF_UP)


@pytest.mark.parametrize("name", sample(JUMPS, 0))
def test_a_price_that_jumped_is_held_back_and_the_last_good_one_stays(
    name, internet, refreshed, connection, good, monkeypatch
):
    slugs = [module.PROVIDER.slug for module in asked()]
    answers = {slug: JUMPS[name](slug) for slug in slugs[::2]}
    monkeypatch.setattr(internet, "faults", {slug: serving(bodies) for slug, bodies in answers.items()})
    report = refreshed(connection, GOOD + LATER)
    ended = jobs(connection, report)
    now = stored(connection)
    assert {slug: (now[slug], good[slug]) for slug in good if now.get(slug) != good[slug]} == {}
    assert {slug for slug in slugs[1::2] if ended[slug][0] != "completed"} == set()
    if name.startswith("all"):
        several = {slug for slug in slugs[::2] if len(good[slug]) > 1}  # a single row is held back by itself
        assert {slug for slug in several if ended[slug][0] == "completed"} == set()
    else:
        assert {one.provider for one in report.outcomes if one.state == "live" and one.held_back} <= set(slugs[::2])
