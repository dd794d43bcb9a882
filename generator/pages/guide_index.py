"""All published guides."""

from dataclasses import dataclass
from datetime import date

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.prose import guide_source, guide_text, published_guides
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import PageType, Rule, single

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
    """What the index shows."""

    guides: tuple[GuideCard, ...]


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
        body=GuideIndex(cards),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Guides", "")),
        words={"answer": _SOME if links else _NONE, **{card.link.path: card.summary for card in cards}},
        graph=(ld.item_list(path(), "Guides", [(link.text, link.path) for link in links]),),
    )


def _card(read: SliceReader, link: Link) -> GuideCard:
    slug = link.path.strip("/").rpartition("/")[2]
    return GuideCard(link, read(guide_text, slug).summary, read(guide_source, slug).reviewed_on)


PAGE_TYPE = PageType(
    "guide_index",
    GuideIndex,
    single,
    path,
    page,
    (Rule("no_guides", "a published guide", lambda read: bool(read(published_guides))),),
)
