"""A draft in its page, as it would be today: with its figures and claims marked, or as readers would get it."""

import re
from dataclasses import replace
from html import escape
from typing import Any

from generator import urls
from generator.catalogue.catalogue import Catalogue, texts_of
from generator.catalogue.slices import SliceReader
from generator.catalogue.tables import Trace
from generator.catalogue.views.prose import CatalogueLookup
from generator.desk.drafts import Draft
from generator.desk.texts import sources_of, text_of
from generator.errors import BrokenContent
from generator.model.jsonld import JsonLd
from generator.model.page import Page, Site
from generator.pages.registry import Planned, page_keys, page_type
from generator.pages.reviewed_words import answer_block
from generator.prose import bindings, bound
from generator.prose.texts import KINDS, Prose
from generator.site.render import Renderer

# Characters for private use stand for the tags until the text is HTML: Markdown and its sanitiser let them through.
_OPEN, _NAME, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([bcx])(\\d+){_NAME}")
_BANNER = '<p class="draft-banner" role="status">Draft, not on the site. {}</p>'


def page_html(catalogue: Catalogue, site: Site, draft: Draft, *, marked: bool = True) -> bytes:
    """The whole page with the draft in it.

    Marked, a figure is a `span class="binding"` with its source, a claim a `span class="claim"` that says whether it
    holds; what would be left out today is there, too.  Raises BrokenContent for a draft of which no page can be made.
    """
    renderer = Renderer(site)
    page = drafted_page(catalogue, site, draft)
    if not marked:
        return renderer.rendered(page).html
    text, tags = _marked(draft, catalogue)
    block = "text" if draft.page_type in KINDS else answer_block(page)
    html = renderer.rendered(replace(page, words={**page.words, block: text})).html.decode()
    html = _MARK.sub(lambda found: tags[int(found[2])], html).replace(_CLOSE, "</span>")
    html = html.replace("<head>", '<head><meta name="robots" content="noindex">', 1)
    return html.replace("<h1", _BANNER.format(escape(draft.slug)) + "<h1", 1).encode()


def drafted_page(catalogue: Catalogue, site: Site, draft: Draft) -> Page:
    """The page as it would be with the draft.  Raises BrokenContent where there is no such page."""
    drafted = with_draft(catalogue, draft)
    kind, key = planned(drafted, draft)
    return kind.page(SliceReader(drafted), JsonLd(site), *key)


def with_draft(catalogue: Catalogue, draft: Draft) -> Catalogue:
    """The catalogue as if the draft was published."""
    fresh: dict[str, Any] = {"memo": {}, "aggregates": {}, "trace": Trace()}
    if draft.page_type in KINDS:
        one = text_of(draft)
        every = {text.path: text for text in catalogue.texts} | {one.path: one}
        made = replace(catalogue, **fresh, **texts_of(every.values()))
    else:
        fresh["prose"] = {draft.slug: _prose(draft)}
        made = replace(catalogue, **fresh)
    object.__setattr__(made, "addresses", catalogue.addresses)
    return made


def planned(catalogue: Catalogue, draft: Draft) -> Planned:
    """The page type and key of a draft's page.  Raises BrokenContent where no such page is built."""
    path = urls.HOME if draft.slug == "home" else f"/{draft.slug}/"
    try:
        kind = page_type(draft.page_type)
    except KeyError:
        raise BrokenContent(f'{draft.slug}: no type of page is called "{draft.page_type}"') from None
    for key in page_keys(catalogue, kind.name):
        if kind.path(*key) == path:
            return kind, key
    raise BrokenContent(f"{draft.slug}: no {kind.name.replace('_', ' ')} page is built at {path} today")


def _prose(draft: Draft) -> Prose:
    return Prose(draft.slug, draft.title, draft.description, draft.markdown, structured_data=draft.structured_data)


def _marked(draft: Draft, catalogue: Catalogue) -> tuple[str, list[str]]:
    """A draft's text with its figures, marks around figures and claims, and the tags that the marks stand for."""
    text, lookup = draft.markdown, CatalogueLookup(catalogue, sources_of(draft))
    document = bound.parse(text)
    tags: list[str] = []
    cuts: list[tuple[int, int, str]] = []
    for one in document.bindings:
        shown = _figure(one.source, lookup)
        tags.append(f'<span class="binding{"" if shown else " missing"}" data-source="{escape(one.source)}">')
        cuts.append((one.start, one.end, f"{_OPEN}b{len(tags) - 1}{_NAME}{shown or 'no value today'}{_CLOSE}"))
    for claim in document.claims:
        for said, holds in ((claim.said, True), (claim.otherwise, False)):
            if said != (0, 0):
                tags.append(_claim_tag(claim, lookup, otherwise=not holds))
                cuts += [(said[0], said[0], f"{_OPEN}c{len(tags) - 1}{_NAME}"), (said[1], said[1], _CLOSE)]
        cuts += _tags_of(claim)
    return _edited(text, cuts), tags


def _tags_of(claim: bound.Claim) -> list[tuple[int, int, str]]:
    """The tags of a claim, which are not shown."""
    if claim.problem:
        return [(claim.start, claim.end, "")]
    parts = [claim.start, *claim.said, *(claim.otherwise if claim.otherwise != (0, 0) else ()), claim.end]
    return [(start, end, "") for start, end in zip(parts[::2], parts[1::2], strict=True)]


def _claim_tag(claim: bound.Claim, lookup: CatalogueLookup, *, otherwise: bool) -> str:
    try:
        told = bindings.told(claim.source, lookup)
    except (BrokenContent, KeyError):
        told = None
    state = "unknown" if told is None else str(told).lower()
    kind = " otherwise" if otherwise else ""
    return f'<span class="claim{kind}" data-source="{escape(claim.source)}" data-holds="{state}">'


def _figure(source: str, lookup: CatalogueLookup) -> str:
    try:
        figure = bindings.figure(source, lookup)
    except (BrokenContent, KeyError, TypeError):
        return ""
    return figure.markdown if figure else ""


def _edited(text: str, cuts: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, shown in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        if start >= at:
            parts += [text[at:start], shown]
            at = end
    return "".join([*parts, text[at:]])
