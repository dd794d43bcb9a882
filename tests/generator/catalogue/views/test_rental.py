"""What rentals cost, by the table that the pages' script is tested against, too (in tests/site/made_up/)."""

import json
from pathlib import Path

import pytest

from generator.catalogue.views.rental import Rental, running, sent, stored
from generator.formats import money
from tests.generator.catalogues import decimal, term

CASES = json.loads((Path(__file__).parent / "rental_cases.json").read_text("utf-8"))
NAMES = {"storage": "storage_gb", "egress": "egress_gb", "stopped": "stopped_hours"}


def terms_of(case):
    stated = case["terms"].items()
    rows = [
        term("ash", field, word=value) if isinstance(value, str) else term("ash", field, *value)
        for field, value in stated
    ]
    return {row.field: row for row in rows}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_rental_costs_what_the_table_says(case):
    terms = terms_of(case)
    rental = Rental(**{NAMES.get(name, name): value for name, value in case["rental"].items()})
    lines = [running(decimal(case["price"]), terms, rental), stored(terms, rental), sent(terms, rental)]
    assert [line.amount if line.amount is None else money(line.amount)[1:] for line in lines] == case["amounts"]
    assert all(line.sum for line in lines)
