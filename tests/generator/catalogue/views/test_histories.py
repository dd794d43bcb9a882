from datetime import timedelta

import pytest

from generator.catalogue.views.histories import STOCK_DAYS, stock_stretches
from tests.generator.catalogues import AS_OF, DAY, catalogue, offer, provider, step


def stock(*rows, confirmed=AS_OF):
    """The states of ash's GPU "a", each with how many days ago its first and its last day were."""
    known = catalogue(offer("a", "ash", 2), provider("ash", last_confirmed_at=confirmed), *rows)
    found = stock_stretches(known, "ash", "a")
    return [((DAY - one.first).days, (DAY - one.last).days, one.state) for one in found]


def test_a_day_has_the_best_state_of_all_offers_and_hours():
    rows = [
        step("ash/a", 2, 20, 10, availability="sold_out"),
        step("ash/a", 2, 10, availability="limited"),
        step("ash/a", 2, 22, 18, offer_id="another", availability="available"),
    ]
    assert stock(*rows) == [(22, 18, "in"), (17, 11, "out"), (10, 0, "in")]


def test_where_no_stock_is_stated_an_offer_is_listed():
    rows = [step("ash/a", 2, 9, 5), step("ash/a", 2, 5, availability="waitlist")]
    assert stock(*rows) == [(9, 6, "listed"), (5, 0, "out")]


def test_days_on_which_nobody_looked_have_no_state():
    rows = [
        step("ash/a", 2, 9, 7, availability="available"),
        step("ash/a", 2, 3, availability="available"),
    ]
    assert stock(*rows) == [(9, 7, "in"), (3, 0, "in")]


@pytest.mark.parametrize(("ago", "last"), [(0, 0), (2, 2)])
def test_an_offer_that_is_gone_is_not_listed_until_its_provider_was_last_read(ago, last):
    rows = [
        step("ash/a", 2, 9, 5, availability="available"),
        step("ash/a", None, 5, is_active=False, last_confirmed_at=AS_OF - timedelta(5)),
    ]
    assert stock(*rows, confirmed=AS_OF - timedelta(ago)) == [(9, 5, "in"), (4, last, "absent")]


def test_recorded_answers_say_nothing_of_stock_over_time():
    assert stock(step("ash/a", 2, 9, is_recorded=True, availability="available")) == []


def test_only_the_last_days_count():
    assert stock(step("ash/a", 2, 400, availability="available")) == [(STOCK_DAYS - 1, 0, "in")]
