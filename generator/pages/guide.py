"""A guide: reviewed text with today's figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_row
from generator.catalogue.views.prose import guide_source, guide_text, published_guides
from generator.catalogue.views.providers import provider_row
from generator.model.blocks import Fact, Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import Key, PageType
from generator.prose import clauses


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote the text and who reviewed it, and when."""

    author: str
    reviewed_by: str
    reviewed_on: date | None
    published_on: date


@dataclass(frozen=True, slots=True)
class GuidePage:
    """What a guide's page shows beside its text, which is in the page's words."""

    byline: Byline
    sources: tuple[Fact, ...]
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each published guide."""
    return ((slug,) for slug in catalogue.guides)


def path(slug: str) -> str:
    """/guides/sxm-pcie-nvl/."""
    return urls.guide(slug)


def page(read: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one guide."""
    guide, text, own = read(guide_source, slug), read(guide_text, slug), path(slug)
    modified = guide.reviewed_on or guide.published_on
    related = [link for link in read(published_guides) if link.path != own]
    preferred = {urls.guide(name) for name in guide.related}
    return Page(
        path=own,
        title=clauses.title(guide.title),
        description=guide.description,
        heading=guide.title,
        body=GuidePage(
            byline=Byline(guide.author, guide.reviewed_by or "", guide.reviewed_on, guide.published_on),
            sources=tuple(Fact(source.label, source.label, source.url) for source in guide.sources),
            others=tuple(sorted(related, key=lambda link: link.path not in preferred))[:6],
        ),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Guides", urls.GUIDE_INDEX), Crumb(guide.title, "")),
        words={"answer": text.summary, "text": text.text},
        graph=(ld.article(own, guide.title, guide.author, guide.published_on, modified),),
        newest=datetime.combine(modified, time(), UTC),
        related_gpu_ids=tuple(read(gpu_row, name).id for name in text.gpus),
        related_provider_ids=tuple(read(provider_row, name).id for name in text.providers),
        written_by="human",
    )


PAGE_TYPE = PageType("guide", GuidePage, keys, path, page, needs="a guide's page needs its text published")
