"""A draft from a page's own sentences, with bindings in place of its figures and claims around its comparisons.

What can be bound by no binding and borne out by no claim is left out, so that what remains passes the checks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.views.prose import CatalogueLookup
from generator.desk.checks.rules import VERSION, findings
from generator.desk.checks.subject import Surroundings
from generator.desk.drafts import Draft, Finding, Others
from generator.desk.generators.sheets import sources, subjects_of, true_claims
from generator.desk.surroundings import around
from generator.errors import BrokenContent
from generator.model.page import Page
from generator.pages.registry import Planned
from generator.pages.reviewed_words import answer_block
from generator.prose import bindings, bound

MADE_BY = f"template:sentences@{VERSION}"
_LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\((/[^)\s]*)\)")
_MONEY = re.compile(r"\*\*(\$[\d,.]*\d)((?: [A-Za-z-]+)*)\*\*|(?<![\w{:])(\$[\d,.]*\d|\d[\d,]*(?:\.\d+)?%?)(?![\w}])")


def draft_of(catalogue: Catalogue, planned: Planned, page: Page, slug: str) -> Draft:
    """A draft of the page's answer.  Raises BrokenContent where nothing of it can be bound."""
    kind, _ = planned
    subjects = subjects_of(catalogue, planned)
    figures = _figures(catalogue, sources(catalogue, subjects))
    text = _bound(page.words.get(answer_block(page), ""), figures)
    known = around(catalogue, Others(), "", page.gate.state)
    made = _passing(Draft(slug, kind.name, "", "", text), known, tuple(true_claims(catalogue, subjects)))
    if not made.markdown.strip():
        raise BrokenContent(f"{slug}: nothing of its sentences can be bound to figures; write it: build.py content new")
    return made


def _figures(catalogue: Catalogue, names: Iterator[str]) -> dict[str, str]:
    """The bindings with a value, by what they show and by the page that they link to; the first of each."""
    lookup = CatalogueLookup(catalogue)
    found: dict[str, str] = {}
    for source in names:
        figure = bindings.figure(source, lookup)
        if figure is not None:
            found.setdefault(figure.path or figure.text, source)
    return found


def _bound(text: str, figures: Mapping[str, str]) -> str:
    """The text with a binding for each link and each amount that one has."""

    def link(found: re.Match[str]) -> str:
        return f"{{{{ {figures[found[2]]} }}}}" if found[2] in figures else found[0]

    def amount(found: re.Match[str]) -> str:
        shown, after = found[1] or found[3], found[2] or ""
        return f"{{{{ {figures[shown]} }}}}{after}" if shown in figures else found[0]

    parts = re.split(r"(\{\{[^}]*\}\})", _LINK.sub(link, text))
    return "".join(part if part.startswith("{{") else _MONEY.sub(amount, part) for part in parts)


def _passing(draft: Draft, known: Surroundings, claims: Sequence[str]) -> Draft:
    """The draft with a claim around each sentence that needs one, and without those that pass in no way."""
    document = bound.parse(draft.markdown)
    spans = [span for block in document.root.all() for span in block.sentences]
    made = draft.markdown
    for start, end in reversed(spans):
        made = made[:start] + _said(draft, draft.markdown[start:end], known, claims) + made[end:]
    return replace(draft, markdown=re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n|  +", " ", made)).strip())


def _said(draft: Draft, sentence: str, known: Surroundings, claims: Sequence[str]) -> str:
    """A sentence as it passes; "" where it does not."""
    if not _blocking(draft, sentence, known):
        return sentence
    claimed = (f"{{% claim {claim} %}}{sentence}{{% endclaim %}}" for claim in claims)
    return next((one for one in claimed if not _blocking(draft, one, known)), "")


def _blocking(draft: Draft, sentence: str, known: Surroundings) -> list[Finding]:
    found = findings(replace(draft, markdown=sentence), known)
    return [finding for finding in found if finding.severity == "block"]
