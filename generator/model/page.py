"""A page's model: all that a template shows, as typed, plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from generator import urls
from generator.model.card import NO_CARD, Card
from generator.model.offer import Offer

GateState = Literal["indexable", "thin", "stub"]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of a breadcrumb; `path` is "" for the page itself."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether search engines may index the page; `reasons` are the codes of the rules that it does not meet.

    A stub only explains where its subject went: what its rules say does not count.
    """

    state: GateState
    reasons: tuple[str, ...] = ()


INDEXABLE = Gate("indexable")


@dataclass(frozen=True, slots=True)
class Page:
    """All that a template and the writer need to know of one page.

    `words` are its sentences: block name -> Markdown, in reading order; templates get them as HTML.
    `graph` holds the JSON-LD nodes beside the breadcrumb.  `body` is the page type's own model.
    `newest` is the newest instant shown on it, `dead_links` the links in `words` that lead nowhere today.
    `card` is what its picture shows, where its address is shared.
    `offers` are those behind it, for its JSON, also where its tables have no room for them.  `method` is where it says
    how its figures are made.  `reviewed` says who reviewed its answer, and when, where people wrote that.
    """

    path: str
    title: str
    description: str
    heading: str
    body: Any
    page_type: str = ""
    crumbs: tuple[Crumb, ...] = ()
    gate: Gate = INDEXABLE
    words: Mapping[str, str] = field(default_factory=dict)
    dead_links: frozenset[str] = frozenset()
    graph: tuple[Mapping[str, Any], ...] = ()
    newest: datetime | None = None
    card: Card = NO_CARD
    offers: tuple[Offer, ...] = ()
    method: str = urls.METHODOLOGY
    related_gpu_ids: tuple[str, ...] = ()
    related_provider_ids: tuple[str, ...] = ()
    written_by: Literal["template", "human"] = "template"
    reviewed: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same on every page.

    `verification` are the files, name and text, by which search engines know the operator.  `methodology_version` is 0
    where none is published.
    """

    name: str
    url: str
    organisation: str
    as_of: datetime
    is_all_recorded: bool
    repository: str
    product_markup: bool = True
    attributions: tuple["Attribution", ...] = ()
    contact: str = ""
    statements: tuple["Statement", ...] = ()
    verification: tuple[tuple[str, str], ...] = ()
    methodology_version: int = 0

    @property
    def method(self) -> str:
        """Where it says how figures are made: the version in force, or the methodology where none is published."""
        return urls.methodology(str(self.methodology_version)) if self.methodology_version else urls.METHODOLOGY

    @property
    def contact_url(self) -> str:
        """Where a message to whoever makes the site goes; "" for nowhere."""
        is_mail = "@" in self.contact and "://" not in self.contact
        return f"mailto:{self.contact}" if is_mail else self.contact


@dataclass(frozen=True, slots=True)
class Statement:
    """What the operator states in the settings: the imprint, what happens to visitors' data, accessibility."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """A licensed source whose readings the site's charts show; `text` is the attribution that it asks for."""

    name: str
    url: str
    licence: str
    text: str
