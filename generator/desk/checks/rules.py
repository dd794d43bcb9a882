"""All rules, in the order in which editors are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.desk.checks import alike, comparing, form, naming, numbers, structured, wording
from generator.desk.checks.subject import BOUND, Subject, Surroundings
from generator.desk.drafts import Draft, Finding, Severity
from generator.errors import BrokenContent
from generator.prose import bindings, bound

VERSION = 1
"""The version of the checks, which is kept with what they found; another one where a rule finds something else."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, whether it blocks, and what it asks, in words.

    `find` yields a sentence with a span of its letters, or a place with a span of its source; then the message.
    """

    name: str
    severity: Severity
    words: str
    find: Callable[[Subject], Iterator[tuple[object, int, int, str]]]


def _unresolved(subject: Subject) -> Iterator[form.Placed]:
    """Bindings and claims that are wrong, name nothing known, or have no value today."""
    draft = subject.draft
    for place, text in (("text", draft.markdown), ("title", draft.title), ("description", draft.description)):
        wrong = list(bindings.misuses(text))
        yield from ((place, *one) for one in wrong)  # type: ignore[misc]
        for one in bound.parse(text).bindings:
            if not any(start <= one.start < end for start, end, _ in wrong) and (
                line := _valueless(one.source, subject)
            ):
                yield place, one.start, one.end, line  # type: ignore[misc]
        for claim in bound.parse(text).claims:
            if not any(start <= claim.start < end for start, end, _ in wrong) and (
                line := _unknown(claim.source, subject)
            ):
                yield place, claim.start, claim.end, line  # type: ignore[misc]


def _valueless(source: str, subject: Subject) -> str:
    try:
        figure = bindings.figure(source, subject.around.lookup, "draft")
    except BrokenContent as problem:
        return problem.message.removeprefix("draft: ")
    return "" if figure else f"{source} has no value today"


def _unknown(source: str, subject: Subject) -> str:
    try:
        bindings.told(source, subject.around.lookup, "draft")
    except BrokenContent as problem:
        return problem.message.removeprefix("draft: ")
    return ""


def _gate(subject: Subject) -> Iterator[form.Placed]:
    if subject.around.gate == "not built":
        yield "page", 0, 0, f"there is no page {subject.draft.slug}: its gate does not let it be built"


RULES: tuple[Rule, ...] = (
    Rule("unbound-number", "block", "numbers come from bindings", numbers.unbound_numbers),
    Rule("binding-resolves", "block", "bindings and claims exist and have a value today", _unresolved),
    Rule("comparative-claimed", "block", "comparisons stand in claims that bear them out", comparing.unclaimed),
    Rule("claim-true", "block", "claims hold today, and their sentences say what they claim", comparing.false_claims),
    Rule("entity-known", "block", "GPUs and providers are those of the catalogue", naming.unknown_names),
    Rule("time", "block", "words for the present stand beside the day", numbers.unbound_times),
    Rule("pricing-type", "block", "a price's sentence says how it is rented", naming.missing_pricing_types),
    Rule("source", "block", "terms of providers come from what they state", naming.unsourced_terms),
    Rule("physics", "block", "throughput and cost per work come from measured runs", naming.unmeasured),
    Rule("jsonld-visible", "block", "JSON-LD says what the page shows", structured.structured_data),
    Rule("raw-html", "block", "no HTML", form.raw_html),
    Rule("image", "block", "no pictures", form.images),
    Rule("title", "block", "the title fits and is the page's own", form.titles),
    Rule("description", "block", "the description fits and is the page's own", form.descriptions),
    Rule("headings", "block", "headings are in order", form.headings),
    Rule("links", "block", "links lead somewhere", form.links),
    Rule("promise", "block", "no promises, no advice against terms, no contempt", wording.promises),
    Rule("residue", "block", "nothing left over from prompts", wording.residue),
    Rule("near-copy", "block", "no copy of another page", alike.near_copies),
    Rule("gate", "block", "the page can be built", _gate),
    Rule("similar", "warn", "little in common with other pages", alike.rather_alike),
    Rule("filler", "warn", "no sales talk", wording.filler),
    Rule("reading", "warn", "easy to read", wording.hard_reading),
)


def findings(draft: Draft, around: Surroundings) -> tuple[Finding, ...]:
    """What all rules find in a draft, in the order of the rules."""
    subject = Subject(draft, around)
    return tuple(_finding(rule, subject, *found) for rule in RULES for found in rule.find(subject))


def _finding(rule: Rule, subject: Subject, where: object, start: int, end: int, message: str) -> Finding:
    if isinstance(where, str):
        source = {"text": subject.draft.markdown, "title": subject.draft.title}.get(where, subject.draft.description)
        return Finding(rule.name, rule.severity, where, start, end, source[start:end], message)  # type: ignore[arg-type]
    at, until = where.letters.span(start, max(end, start + 1))  # type: ignore[attr-defined]
    found = where.text[start:end].replace(BOUND, "…")  # type: ignore[attr-defined]
    return Finding(rule.name, rule.severity, where.place, at, until, found, message)  # type: ignore[attr-defined]
