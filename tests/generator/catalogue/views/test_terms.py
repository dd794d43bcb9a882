from datetime import date

import pytest

from generator.catalogue.views import terms
from tests.generator.catalogues import catalogue, offer, provider, term

USUAL = [
    term("ash", "billing_step", 60, "seconds"),
    term("ash", "compute_stopped", word="not billed"),
    term("ash", "storage_running", "0.10", "per GB-month"),
    term("ash", "storage_stopped", "0.20", "per GB-month"),
    term("ash", "egress", 0, "per GB"),
]


def line(*rows):
    (found,) = terms.term_lines(catalogue(provider("ash"), *rows), "ash")
    return found


@pytest.mark.parametrize(("row", "value"), [
    (term("ash", "billing_step", 1, "seconds"), "Per second"),
    (term("ash", "billing_step", 600, "seconds"), "Per 10 minutes"),
    (term("ash", "minimum_rental", 3600, "seconds"), "1 hour"),
    (term("ash", "minimum_rental", word="none"), "None"),
    (term("ash", "compute_stopped", word="billed"), "Billed in full"),
    (term("ash", "compute_stopped", word="not billed"), "Not billed"),
    (term("ash", "storage_running", "0.10", "per GB-month"), "$0.10 per GB-month"),
    (term("ash", "storage_running", "0.08", "per GB-month", currency="EUR"), "€0.08 per GB-month"),
    (term("ash", "storage_stopped", word="billed"), "Billed, rate not known"),
    (term("ash", "storage_stopped", word="as running"), "Same as while running"),
    (term("ash", "egress", 0, "per GB"), "Free"),
    (term("ash", "egress", word="by host"), "Set by each host"),
    (term("ash", "egress_included", 20000, "GB per month"), "20,000 GB a month"),
    (term("ash", "public_ip", "0.005", "per hour"), "$0.005 per hour"),
    (term("ash", "sla_uptime", "99.90", "percent"), "99.9%"),
])  # fmt: skip
def test_a_term_is_said_in_words(row, value):
    assert line(row).value == value


def test_a_term_has_its_source_and_the_day_of_the_check():
    found = line(term("ash", "egress", 0, "per GB", note="Machines", checked_on=date(2026, 8, 1)))
    assert (found.source_url, found.checked_on, found.note) == (
        "https://terms.example/x", date(2026, 8, 1), "Machines",
    )  # fmt: skip
    assert line(term("ash", "egress", 0, "per GB", source_url="javascript:alert(1)")).source_url is None


def test_what_is_not_known_is_named():
    known = catalogue(provider("ash"), *USUAL)
    assert terms.unknown_terms(known, "ash") == (
        "Minimum rental", "Traffic out included", "Traffic in", "Public address",
        "Notice before a spot machine ends", "Uptime in the SLA",
    )  # fmt: skip
    assert len(terms.unknown_terms(catalogue(provider("ash")), "ash")) == len(terms.LABELS)


def test_a_term_that_holds_for_a_special_case_does_not_make_the_usual_one_known():
    known = catalogue(provider("ash"), term("ash", "egress", "0.04", "per GB", qualifier="Asia"))
    assert "Traffic out" in terms.unknown_terms(known, "ash")
    assert [(one.label, one.qualifier) for one in terms.term_lines(known, "ash")] == [("Traffic out", "Asia")]


def test_a_fact_without_a_source_gives_way_to_a_term_with_one():
    row = provider("ash", min_billing_increment_seconds=3600)
    assert [(one.value, one.source_url) for one in terms.term_lines(catalogue(row), "ash")] == [("Per hour", None)]
    known = catalogue(row, term("ash", "billing_step", 1, "seconds"))
    assert (terms.step_of(known, "ash"), [one.value for one in terms.term_lines(known, "ash")]) == (
        "per second", ["Per second"],
    )  # fmt: skip


LOOKED_AT = [
    (term("ash", "egress", word="not stated", note="By the GB"), "Not stated there"),
    (term("ash", "egress", 0, "per GB", is_current=False, note="By the GB"), "Not confirmed since"),
]


@pytest.mark.parametrize(("row", "value"), LOOKED_AT)
def test_where_we_looked_in_vain_or_too_long_ago_is_said_with_its_link(row, value):
    found = line(row)
    assert (found.value, found.is_known, found.note) == (value, False, "By the GB")
    assert (found.source_url, found.checked_on) == ("https://terms.example/x", row.checked_on)
    assert "Traffic out" not in terms.unknown_terms(catalogue(provider("ash"), row), "ash")


@pytest.mark.parametrize("row", [row for row, _ in LOOKED_AT])
def test_what_was_looked_for_in_vain_or_too_long_ago_counts_for_nothing(row):
    known = catalogue(offer("a", "ash", 2), *USUAL[:4], row)
    assert (terms.egress_of(known, "ash"), terms.is_complete(known, "ash")) == ("", False)
    assert not terms.term_rows(catalogue(provider("ash"), row), "ash")


def test_a_fact_is_said_rather_than_where_we_looked_for_it():
    row = provider("ash", min_billing_increment_seconds=60)
    looked = term("ash", "billing_step", word="not stated")
    assert [one.value for one in terms.term_lines(catalogue(row, looked), "ash")] == ["Per minute"]


def test_a_special_case_that_was_said_too_long_ago_is_left_out():
    row = term("ash", "egress", "0.04", "per GB", qualifier="Asia", is_current=False)
    assert terms.term_lines(catalogue(provider("ash"), row), "ash") == ()


def test_terms_are_complete_when_a_bill_can_be_made_of_them():
    assert terms.is_complete(catalogue(provider("ash"), *USUAL), "ash")
    for missing in range(len(USUAL)):
        left = USUAL[:missing] + USUAL[missing + 1 :]
        assert not terms.is_complete(catalogue(provider("ash"), *left), "ash")


@pytest.mark.parametrize(("rows", "storage", "egress"), [
    ([], "", ""),
    (USUAL, "$0.10, stopped $0.20", "free"),
    ([term("ash", "storage_running", word="by host"), term("ash", "egress", word="by host")], "by host", "by host"),
    ([term("ash", "storage_running", "0.0001", "per GB-hour"), term("ash", "egress", "0.09", "per GB")],
     "$0.073", "$0.09"),
    ([term("ash", "egress_included", 20000, "GB per month")], "", "20,000 GB free"),
])  # fmt: skip
def test_a_list_says_storage_and_egress_in_few_words(rows, storage, egress):
    known = catalogue(offer("a", "ash", 2), *rows)
    assert (terms.storage_of(known, "ash"), terms.egress_of(known, "ash")) == (storage, egress)


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "per second"), (3600, "per hour"), (90, "per 90 seconds"), (None, "")]
)
def test_a_billing_step_is_said_in_words(seconds, words):
    assert terms.billing_step(seconds) == words
