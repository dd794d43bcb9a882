"""Any value in any field of a row costs at most that row, and the reason is in plain words.

ROWS_SEED=<text> tries other fields and values.
"""

import copy
import os
import random
import re

import pytest

from scrapers import run
from tests.faults.documents import at
from tests.faults.prices import documents
from tests.faults.rows import as_recorded, changes, ended, written

SEED = os.environ.get("ROWS_SEED", "1")
JSON = [
    module.PROVIDER.slug
    for module in run.providers()
    if not any(one.kind == "html" for one in documents(module.PROVIDER.slug))
]
VALUES = ["0", "abc", True, [], {}, -1, 1e9, " x ", 0, "", "-5", "$2.50", [1], "8x", 1.5, 10**40, "N/A", False, "\0"]
PYTHONS = re.compile(r"\w+Error\b|NoneType|\bNone\b|Decimal\(|'\w+' object|<class|\bdict\b|Traceback|Record\(")
A_FIFTH = 5


def assert_costs_one_row(slug, change, value):
    number, way, _ = change
    root = copy.deepcopy(documents(slug)[number].root)
    at(root, way[:-1])[way[-1]] = value
    before, found = as_recorded(slug), ended(slug, written(slug, {number: root}))
    said = [*(one.detail for one in found.held), found.refused]
    assert not [text for text in said if PYTHONS.search(text)], f"{slug}, {way} = {value!r}"
    amiss = found.account["held_back:unreadable"], found.account["unknown_name"]
    if not any(number > 1 and number * A_FIFTH > before.rows for number in amiss):
        assert not found.refused or before.rows <= len(amiss), f"{slug}, {way} = {value!r}: {found.refused}"
        assert found.rows == found.ends, f"{slug}, {way} = {value!r}: {found.account}"


@pytest.mark.parametrize("slug", JSON)
def test_any_value_in_a_field_costs_one_row(slug):
    chance, fields = random.Random(f"{SEED}/{slug}"), list(changes(slug))
    for change in chance.sample(fields, min(len(fields), 4)):
        assert_costs_one_row(slug, change, chance.choice(VALUES))


@pytest.mark.long
@pytest.mark.parametrize("slug", JSON)
def test_every_value_in_many_fields_costs_one_row(slug):
    chance, fields = random.Random(f"{SEED}/{slug}"), list(changes(slug))
    for change in chance.sample(fields, min(len(fields), 60)):
        for value in VALUES:
            assert_costs_one_row(slug, change, value)
