import ast
from pathlib import Path

from generator.catalogue.views import held_back
from generator.settings import ROOT
from tests.generator.catalogues import catalogue, held, offer

HELD = (
    held("ash", "a", "price_band", 2), held("elm", "a", "price_band", 3), held("elm", "a", "price_jump"),
    held("elm", "b", "price_jump", 7), held("elm", None, "unreadable"), held("elm", None, "unknown_name", 9, 4),
)  # fmt: skip
KNOWN = catalogue(offer("a", "ash", 1), offer("b", "elm", 1), *HELD)


def shown(rules):
    return [(rule.words, rule.offers_n, [link.text for link in rule.of]) for rule in rules]


def test_a_gpus_offers_are_held_back_by_rule_with_their_providers():
    assert shown(held_back.held_back_of_gpu(KNOWN, "a")) == [
        ("outside the market's range", 5, ["Elm", "Ash"]),
        ("changed too much since last seen", 1, ["Elm"]),
    ]


def test_a_providers_offers_are_held_back_by_rule_with_their_gpus_as_far_as_they_are_known():
    assert shown(held_back.held_back_of_provider(KNOWN, "elm")) == [
        ("changed too much since last seen", 8, ["b", "a"]),
        ("outside the market's range", 3, ["a"]),
        ("not readable", 1, []),
    ]


def test_offers_under_unknown_names_are_counted_by_their_names_alone():
    assert held_back.unknown_names_n(KNOWN) == 4
    assert sum(rule.offers_n for rule in held_back.held_back_rules(KNOWN)) == 14


def test_every_rule_is_listed_even_without_an_offer():
    rules = held_back.held_back_rules(catalogue(offer("a", "ash", 1)))
    assert len(rules) == len(held_back.RULES)
    assert {(rule.offers_n, rule.providers_n) for rule in rules} == {(0, 0)}


def test_a_retired_rule_is_counted_too():
    known = catalogue(offer("a", "ash", 1), held("ash", "a", "too_blue", 2))
    assert shown(held_back.held_back_of_gpu(known, "a")) == [("for another reason", 2, ["Ash"])]
    assert held_back.held_back_rules(known)[-1].offers_n == 2


def test_every_rule_of_the_code_has_its_words():
    files = [*(ROOT / "scrapers").glob("*.py"), ROOT / "generator" / "ingest" / "interpretation.py"]
    assert {rule for file in files for rule in rules_of(file)} == held_back.RULES.keys()


def rules_of(file: Path):
    """What is handed to a function that holds an offer back, where a rule stands."""
    places = {"HeldBack": 3, "_held": 1, "_DoesNotFit": 0}
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in places:
            rule = call.args[places[call.func.id]]
            if isinstance(rule, ast.Constant):
                yield rule.value
