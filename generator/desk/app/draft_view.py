"""Drafts as they read today: the only place of the app that reads the catalogue, checks drafts and renders pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape, unescape
from threading import RLock
from time import monotonic
from typing import TypeVar

from markupsafe import Markup

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.prose import CatalogueLookup
from generator.database import db
from generator.desk import preview, reading, revisions
from generator.desk.drafts import Draft, Others, Reading
from generator.desk.texts import sources_of
from generator.desk.today import gathered, settled
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.model.page import Site
from generator.prose import markdown
from generator.prose.bindings import resolve
from generator.prose.texts import KINDS
from generator.settings import Settings
from generator.site.assets import assets

T = TypeVar("T")
FRAME_STYLE = "draft.css"
_LOOK, _TEXTS = 1, 60  # seconds
_KEPT = 64  # drafts; each is asked for several times while somebody looks at it
_NO_PAGE = """<!doctype html>
<html lang="en"><head><title>No page</title></head><body><main><p>{}</p></main></body></html>"""
_SCRIPT = re.compile(rb"<script\b.*?</script>\s*", re.DOTALL)
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\s*')
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_DESCRIPTION = re.compile(rb'<meta name="description" content="(.*?)">', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """How a search engine would show the page."""

    title: str
    address: str
    description: str


@dataclass(frozen=True, slots=True)
class _Newest:
    run: int | None
    facts: str | None
    texts: str | None


class Drafts:
    """Reads drafts by today's catalogue, which is gathered again whenever prices, GPUs or providers have moved on.

    One at a time: a catalogue keeps what it has made.  After a change of a text alone it may be a minute old, so that
    nobody waits after each approval.
    """

    def __init__(self, settings: Settings, address: str) -> None:
        self._settings, self._address = settings, address
        self._gathered: tuple[Catalogue, Site] | None = None
        self._newest = _Newest(None, None, None)
        self._looked_at = self._made_at = 0.0
        self._turn = RLock()
        self._read = lru_cache(_KEPT)(self._read_anew)
        self._html = lru_cache(_KEPT)(self._html_anew)
        self._drafts: dict[str, Draft] = {}
        self._others: dict[str, Others] = {}

    def read(self, draft: Draft) -> Reading:
        """The draft's facts, claims and findings, of today and beside what other pages say and are to say."""
        with db.connect(self._address) as connection:
            others = revisions.others(connection, draft)
        with self._turn:
            self._others = {others.hash: others}
            return self._kept(draft, partial(self._read, others.hash))

    def html(self, draft: Draft) -> bytes:
        """The page with the draft in it, its bindings and claims marked; nothing in it runs.

        Where no page can be made of it, that is what it says: the checks name the reason.
        """
        return self._kept(draft, self._html)

    def search_result(self, draft: Draft) -> SearchResult:
        """What a search engine would show: the title and the description as the page has them."""
        html = self.html(draft)
        found = [pattern.search(html) for pattern in (_TITLE, _DESCRIPTION)]
        title, description = (unescape(match[1].decode()) if match else "" for match in found)
        path = urls.HOME if draft.slug == "home" else f"/{draft.slug}/"
        return SearchResult(title, urls.absolute(self._settings.site_url, path), description)

    def own(self, draft: Draft) -> Draft | None:
        """What a page without a reviewed text says: title, description and answer; None for one that needs a text."""
        with self._turn:
            catalogue, site = self._today()
            if draft.page_type in KINDS:
                return None
            try:
                kind, key = preview.planned(catalogue, draft)
            except BrokenContent:
                return None
            page = kind.page(SliceReader(catalogue), JsonLd(site), *key)
        answer = page.words.get("answer") or page.words.get("verdict") or ""
        return Draft(draft.slug, draft.page_type, page.title, page.description, answer)

    def words(self, draft: Draft) -> Markup:
        """The draft's text alone as HTML, as it reads today, to be compared with another."""
        with self._turn:
            catalogue, _ = self._today()
            try:
                text = resolve(draft.markdown, CatalogueLookup(catalogue, sources_of(draft)), draft.slug).text
            except BrokenContent:  # as it is written: the checks say what is wrong
                text = draft.markdown
        return markdown.render(text).html

    def _kept(self, draft: Draft, made: Callable[[str], T]) -> T:
        with self._turn:
            self._today()
            self._drafts = {draft.hash: draft}
            return made(draft.hash)

    def _read_anew(self, others: str, key: str) -> Reading:
        catalogue, site = self._today()
        return reading.read(catalogue, self._drafts[key], site, self._others[others])

    def _html_anew(self, key: str) -> bytes:
        catalogue, site = self._today()
        try:
            html = preview.page_html(catalogue, site, self._drafts[key])
        except BrokenContent as problem:
            html = _NO_PAGE.format(escape(problem.format_message())).encode()
        style = f'<link rel="stylesheet" href="/desk-assets/{FRAME_STYLE}"></head>'.encode()
        return _POLICY.sub(b"", _SCRIPT.sub(b"", html)).replace(b"</head>", style, 1)

    def _today(self) -> tuple[Catalogue, Site]:
        if self._gathered is None or (monotonic() - self._looked_at > _LOOK and self._has_moved()):
            self._gathered = self._gather()
            self._made_at = monotonic()
            self._read.cache_clear()
            self._html.cache_clear()
        return self._gathered

    def _has_moved(self) -> bool:
        with db.connect(self._address) as connection:
            newest = _newest(connection)
        self._looked_at = monotonic()
        is_same = (newest.run, newest.facts) == (self._newest.run, self._newest.facts)
        return not is_same or (newest.texts != self._newest.texts and monotonic() - self._made_at > _TEXTS)

    def _gather(self) -> tuple[Catalogue, Site]:
        assets.cache_clear()
        with db.connect(self._address) as connection:
            as_of = settled(connection)
            self._newest = _newest(connection)  # before: what is stored meanwhile is gathered next time
            connection.commit()  # a snapshot begins its own transaction
            catalogue, site = gathered(connection, as_of, self._settings)
            catalogue.read_everything()
        return catalogue, site


def _newest(connection: db.Connection) -> _Newest:
    return db.rows(connection, "newest_facts", _Newest)[0]
