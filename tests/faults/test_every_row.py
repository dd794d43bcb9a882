"""Every row of every answer ends as an offer or under a named reason, and an odd one changes no other.

ROWS_SEED=<text> tries other orders and fields.
"""

import os
import random

import pytest

from scrapers import run
from tests.faults.rows import Ended, as_recorded, changed, changes, doubled, ended, permuted, prices, same

SEED = os.environ.get("ROWS_SEED", "1")
SLUGS = [module.PROVIDER.slug for module in run.providers()]
every_provider = pytest.mark.parametrize("slug", SLUGS)
A_FIFTH = 5
EACH = 8


def lost(before: Ended, after: Ended) -> int:
    """How many offers are missing or changed."""
    return sum(after.offers.get(key) != offer for key, offer in before.offers.items())


def whole_lost(before: Ended, after: Ended) -> bool:
    """Whether only the offers of one machine are missing, because its single row is unreadable."""
    gone = before.offers.keys() - after.offers.keys()
    return after.account["held_back:unreadable"] == 1 and len({instance_type for instance_type, _ in gone}) == 1


def came(before: Ended, after: Ended) -> int:
    """How many offers are new or changed."""
    return sum(before.offers.get(key) != offer for key, offer in after.offers.items())


def assert_one_odd_row_costs_one_row(slug: str, change: object) -> None:
    before, after = as_recorded(slug), ended(slug, changed(slug, change))  # type: ignore[arg-type]
    unreadable = after.account["held_back:unreadable"]
    if unreadable > 1 and unreadable * A_FIFTH > after.rows:
        return
    assert not after.refused, f"{slug} is refused after {change}: {after.refused}"
    assert after.rows == after.ends, f"{slug}, {change}: {after.account}"
    if whole_lost(before, after):
        return
    explained = max(0, after.set_aside - before.set_aside) + sum(bool(one.columns) for one in after.held)
    explained += abs(
        after.account["joined"] + after.account["merged"] - before.account["joined"] - before.account["merged"]
    )
    assert after.rows + explained >= before.rows, f"{slug} drops a row after {change}: {after.account}"
    assert lost(before, after) <= explained + came(before, after), f"{slug} loses offers after {change}"


@every_provider
def test_the_rows_of_the_recording_add_up(slug: str) -> None:
    found = as_recorded(slug)
    assert not found.refused
    assert found.rows == found.ends > 0
    assert found.account["held_back:unreadable"] == 0, found.held
    assert found.account["held_back:equal_keys"] == 0, found.held


@every_provider
def test_the_order_of_the_rows_changes_nothing(slug: str) -> None:
    for number in range(4):
        found = ended(slug, permuted(slug, random.Random(f"{SEED}/{slug}/{number}")))
        assert not found.refused
        assert same(found, as_recorded(slug))
        assert found.account == as_recorded(slug).account


@every_provider
def test_a_repeated_row_changes_nothing(slug: str) -> None:
    for bodies in doubled(slug, random.Random(f"{SEED}/{slug}")):
        found = ended(slug, bodies)
        assert not found.refused
        assert prices(found) == prices(as_recorded(slug))
        assert found.rows == found.ends


@every_provider
def test_a_row_without_a_field_costs_one_row(slug: str) -> None:
    possible = list(changes(slug))
    for change in random.Random(f"{SEED}/{slug}").sample(possible, min(len(possible), EACH)):
        assert_one_odd_row_costs_one_row(slug, change)


@pytest.mark.long
@every_provider
def test_a_row_without_any_one_field_costs_one_row(slug: str) -> None:
    possible = list(changes(slug))
    for change in possible if len(possible) <= 2000 else random.Random(SEED).sample(possible, 2000):
        assert_one_odd_row_costs_one_row(slug, change)
