"""Drafts of pages, from the pages' own sentences or by a language model: none where the facts are those of the last."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.tables import Trace
from generator.database import db
from generator.desk import reading, revisions
from generator.desk.drafts import Draft, Finding, Reading
from generator.desk.generators import sentences, sheets
from generator.desk.generators.fact_sheet import FactSheet
from generator.desk.generators.model import Refusal, draft_by_model
from generator.errors import BrokenContent, BuildError
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
from generator.pages.registry import Planned
from generator.prose.texts import KINDS
from generator.settings import Settings
from generator.site import links

Outcome = Literal["drafted", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class Generated:
    """What became of a page: a draft with its revision's number (None for a trial), or why there is none.

    `generation` says what a refused draft by a model cost.
    """

    slug: str
    outcome: Outcome
    number: int | None = None
    reasons: tuple[str, ...] = ()
    warnings_n: int = 0
    generation: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be generated: by a model or from the pages' sentences, by whom, and whether it is stored."""

    actor: str
    at: datetime
    by_model: Settings | None = None
    is_trial: bool = False


def pages_of(catalogue: Catalogue, page_type: str | None, slugs: Iterable[str]) -> Iterator[tuple[str, Planned]]:
    """The pages for which drafts can be generated: of a type, or those named.  Raises BrokenContent for others."""
    wanted = set(slugs)
    known = {
        kind.path(*key).strip("/") or "home": (kind, key) for kind, key in links.planned(catalogue) if kind.has_html
    }
    if missing := sorted(wanted - known.keys()):
        raise BrokenContent(f"{missing[0]}: no such page is built today; expected a slug such as gpu/h100-sxm")
    for slug, (kind, key) in known.items():
        if kind.name not in KINDS and (slug in wanted or (not wanted and kind.name == page_type)):
            yield slug, (kind, key)


class Generator:
    """Drafts pages, each of which is stored as a revision unless it is a trial or nothing changed since the last."""

    def __init__(self, connection: db.Connection, catalogue: Catalogue, site: Site, order: Order) -> None:
        self._connection, self._catalogue, self._site, self._order = connection, catalogue, site, order

    def draft(self, slug: str, planned: Planned) -> Generated:
        """Draft one page.  Raises BuildError where it is to be by a model and none is set."""
        newest = revisions.newest(self._connection, slug)
        page = self._own(planned)
        sheet = sheets.sheet_of(self._catalogue, planned, page, slug)
        last = newest.fingerprint if newest else ""
        model = self._order.by_model
        made = self._by_model(sheet, model, last) if model else self._by_sentences(sheet, planned, page, last)
        if isinstance(made, Generated):
            return made
        warnings_n = len(made.read.findings)
        if self._order.is_trial:
            return Generated(slug, "drafted", warnings_n=warnings_n)
        kept = revisions.new_revision(
            self._connection,
            made.draft,
            made.read,
            actor=self._order.actor,
            kind=made.kind,
            base=newest.number if newest else None,
            at=self._order.at,
            generation=made.generation,
            fingerprint=made.fingerprint,
        )
        return Generated(slug, "drafted", kept.number, warnings_n=warnings_n)

    def _own(self, planned: Planned) -> Page:
        """The page with the words of its type, also where it has reviewed ones."""
        kind, key = planned
        fresh: dict[str, Any] = {"prose": {}, "memo": {}, "aggregates": {}, "trace": Trace()}
        bare = replace(self._catalogue, **fresh)
        object.__setattr__(bare, "addresses", self._catalogue.addresses)
        return kind.page(SliceReader(bare), JsonLd(self._site), *key)

    def _by_sentences(self, sheet: FactSheet, planned: Planned, page: Page, last: str) -> "_Made | Generated":
        fingerprint = sheet.fingerprint(sentences.MADE_BY, "template")
        if fingerprint == last:
            return Generated(sheet.slug, "unchanged")
        try:
            draft = sentences.draft_of(self._catalogue, planned, page, sheet.slug)
        except BrokenContent as problem:
            return Generated(sheet.slug, "refused", reasons=(problem.message,))
        read = self._read(draft, sentences.MADE_BY)
        if not read.is_green:
            return Generated(sheet.slug, "refused", reasons=tuple(map(_line, read.findings)))
        return _Made(draft, read, "template", {"prompt": sentences.MADE_BY, "model": "template"}, fingerprint)

    def _by_model(self, sheet: FactSheet, model: Settings, last: str) -> "_Made | Generated":
        made = draft_by_model(sheet, model, self._read, last=last)
        if isinstance(made, Refusal) and made.code == "off":
            raise BuildError(made.reasons[0])
        if isinstance(made, Refusal):
            outcome: Outcome = "unchanged" if made.code == "unchanged" else "refused"
            return Generated(sheet.slug, outcome, reasons=made.reasons, generation=dict(made.generation))
        return _Made(made.draft, made.reading, "llm", dict(made.generation), made.fingerprint)

    def _read(self, draft: Draft, made_by: str = "") -> Reading:
        others = revisions.others(self._connection, draft, made_by)
        return reading.read(self._catalogue, draft, self._site, others)


@dataclass(frozen=True, slots=True)
class _Made:
    draft: Draft
    read: Reading
    kind: Literal["template", "llm"]
    generation: dict[str, Any]
    fingerprint: str


def _line(finding: Finding) -> str:
    return f"{finding.rule}: {finding.message}"
