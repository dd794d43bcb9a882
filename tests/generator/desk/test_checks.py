"""The checks of drafts, measured by a corpus that was written without a look at them."""

import dataclasses

import pytest

from generator.desk.checks import words
from generator.desk.checks.rules import RULES, findings
from tests.generator.desk.market import around, draft_of, drafts

FAULTS = [one for name in ("faults_from_specification", "faults_from_rules") for one in drafts(name)]
GOOD = drafts("good")
SEVERITIES = {rule.name: rule.severity for rule in RULES}


def found(one):
    return findings(draft_of(one), around(one))


@pytest.mark.parametrize("one", FAULTS, ids=[one["id"] for one in FAULTS])
def test_a_planted_fault_is_found_by_its_rule(one):
    rules = {finding.rule for finding in found(one)}
    assert one["rule"] in rules


@pytest.mark.parametrize("one", GOOD, ids=[one["id"] for one in GOOD])
def test_a_good_draft_passes(one):
    assert [finding for finding in found(one) if finding.severity == "block"] == []


def test_the_corpus_is_large_enough_and_covers_each_rule():
    assert len(FAULTS) >= 400
    assert len(GOOD) >= 150
    assert {one["rule"] for one in FAULTS} >= set(SEVERITIES) - {"gate", "similar"}


def test_a_finding_says_where_it_is():
    for one in FAULTS:
        draft = draft_of(one)
        sources = {"text": draft.markdown, "title": draft.title, "description": draft.description}
        for finding in found(one):
            assert finding.message, one["id"]
            assert finding.severity == SEVERITIES[finding.rule]
            if finding.place in sources:
                assert 0 <= finding.start <= finding.end <= len(sources[finding.place]), one["id"]


def test_every_list_of_words_is_used_and_reads_as_a_pattern():
    for name in words._lists():
        assert words.pattern(name).pattern


def test_a_draft_of_a_page_that_is_not_built_is_blocked():
    one = {"text": "Text."}
    gone = dataclasses.replace(around(one), gate="not built")
    assert [finding.rule for finding in findings(draft_of(one), gone)] == ["gate"]


@pytest.mark.parametrize("text", [one * 5_000 for one in ("a" * 10, "{{", "1 ", "[", "<", "{% claim x %}")])
def test_no_text_stalls_the_checks(text):
    findings(draft_of({"text": text}), around({}))
