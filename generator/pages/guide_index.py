"""All published guides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator import urls
from generator.catalogue.catalogue import midnight
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.prose import guide_source, guide_text, published_guides
from generator.catalogue.views.trends import end_of_day
from generator.model.blocks import Link
from generator.model.feed import Entry, Feed
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single
from generator.prose.texts import Guide

_SOME = "Each guide is reviewed before it is published; its prices are updated with the site."
_NONE = "No guide has been published yet: each is reviewed first."


@dataclass(frozen=True, slots=True)
class GuideCard:
    """A guide in the list; `summary` is Markdown, also in the page's words under the link's path."""

    link: Link
    summary: str
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class GuideIndex:
    """What the index shows, and what its feed says."""

    guides: tuple[GuideCard, ...]
    feed: Feed


def path() -> str:
    """/guides/."""
    return urls.GUIDE_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    links = read(published_guides)
    cards = tuple(_card(read, link) for link in links)
    return Page(
        path=path(),
        title="Guides to Renting Cloud GPUs",
        description="Short, sourced guides to renting GPUs: variants, pricing types, what the hourly price leaves out, "
        "and how to read the prices here.",
        heading="Guides to renting cloud GPUs",
        body=GuideIndex(cards, _feed(read, ld, links)),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Guides", "")),
        words={"answer": _SOME if links else _NONE, **{card.link.path: card.summary for card in cards}},
        graph=(ld.item_list(path(), "Guides", [(link.text, link.path) for link in links]),),
    )


def _card(read: SliceReader, link: Link) -> GuideCard:
    slug = _slug(link)
    return GuideCard(link, read(guide_text, slug).summary, read(guide_source, slug).reviewed_on)


def _feed(read: SliceReader, ld: JsonLd, links: Sequence[Link]) -> Feed:
    """The guides, the one that was reviewed last first."""
    entries = [_entry(ld, link, read(guide_source, _slug(link))) for link in links]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    return Feed(
        title=f"Guides to renting cloud GPUs, {ld.site.name}",
        author=ld.site.organisation,
        url=ld.url(path()),
        folder_url=ld.url(path()),
        updated=entries[0].updated if entries else read(end_of_day),
        entries=tuple(entries),
    )


def _entry(ld: JsonLd, link: Link, guide: Guide) -> Entry:
    url = ld.url(link.path)
    return Entry(url, guide.title, guide.description, url, midnight(guide.reviewed_on or guide.published_on))


def _slug(link: Link) -> str:
    return link.path.strip("/").rpartition("/")[2]


PAGE_TYPE = PageType(
    "guide_index",
    GuideIndex,
    single,
    path,
    page,
    (Rule("no_guides", "a published guide", lambda read: bool(read(published_guides))),),
    formats=(*TWINNED, "feed", "json_feed"),
)
