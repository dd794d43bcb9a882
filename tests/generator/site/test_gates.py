from dataclasses import replace
from datetime import timedelta

import pytest

from generator.errors import MovedGates
from generator.model.page import Gate
from generator.site import gates
from generator.site.built_pages import PageRecord
from tests.generator.catalogues import AS_OF

PASSES, FAILS = Gate("indexable"), Gate("thin", ("few",))
RECORD = PageRecord("/x/", "x", [], 1, "thin", ["few"], "thin", AS_OF, 1, AS_OF, False, [], "", "", {}, AS_OF)


def states(record, found, hours):
    """What a page says in builds so many hours after the first, whose rules say `found`."""
    said = []
    for hour in hours:
        now = gates.settled(found, record, AS_OF + timedelta(hours=hour))
        record = replace(
            record, gate_state=now.state, gate_found=now.found, gate_found_since=now.found_since,
            gate_found_times=now.found_times, gate_found_at=now.found_at,
        )  # fmt: skip
        said.append(now.state)
    return said


def test_a_new_page_takes_what_its_rules_say_at_once():
    assert gates.settled(PASSES, None, AS_OF)[:2] == ("indexable", ())
    assert gates.settled(FAILS, None, AS_OF)[:2] == ("thin", ("few",))


def test_a_page_is_listed_after_three_builds_over_a_day():
    assert states(RECORD, PASSES, [1, 2, 24, 25]) == ["thin", "thin", "thin", "indexable"]
    assert states(RECORD, PASSES, [1, 25, 26]) == ["thin", "thin", "indexable"]
    assert states(RECORD, PASSES, [1, 25, 25, 25]) == ["thin"] * 4
    assert gates.settled(PASSES, RECORD, AS_OF).reasons == ("waits",)


def test_a_page_is_left_out_after_a_week_and_says_at_once_what_it_lacks():
    listed = replace(RECORD, gate_state="indexable", gate_found="indexable")
    assert states(listed, FAILS, [1, 24, 168, 169]) == ["indexable", "indexable", "indexable", "thin"]
    assert gates.settled(FAILS, listed, AS_OF)[:2] == ("indexable", ("few",))


def test_a_day_on_which_it_passes_again_begins_the_week_anew():
    failing = replace(RECORD, gate_state="indexable", gate_found="thin")
    passes = gates.settled(PASSES, failing, AS_OF + timedelta(days=6))
    assert (passes.state, passes.found_since) == ("indexable", AS_OF + timedelta(days=6))


def test_new_code_may_not_move_more_than_a_fifth_of_a_type():
    stays, moves = ("x", "thin", "thin"), ("x", "thin", "indexable")
    gates.refuse_moved_gates([moves] * 2 + [stays] * 8, {"x"})
    gates.refuse_moved_gates([moves] * 3 + [stays] * 7, {"y"})
    gates.refuse_moved_gates([moves], {"x"})
    with pytest.raises(MovedGates, match="gates of 3 of 10 pages of the type x say otherwise"):
        gates.refuse_moved_gates([moves] * 3 + [stays] * 7 + [("x", "", "indexable")], {"x"})


def test_too_many_indexable_pages_are_reported():
    assert not list(gates.over_budget({"a": {"indexable": 9_999, "thin": 5}}))
    assert next(gates.over_budget({"a": {"indexable": 9_999}, "b": {"indexable": 1}})).startswith("10,000 indexable")
