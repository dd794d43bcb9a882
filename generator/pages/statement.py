"""What the operator states about the site: imprint, privacy, accessibility; only what the settings say."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import Key, PageType
from generator.prose import clauses


@dataclass(frozen=True, slots=True)
class OperatorStatement:
    """The statement's paragraphs."""

    paragraphs: tuple[str, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each statement that the settings have."""
    return ((slug,) for slug in catalogue.statements)


def path(slug: str) -> str:
    """/imprint/."""
    return urls.page(slug)


def page(_: SliceReader, ld: JsonLd, slug: str) -> Page:
    """The page of one statement."""
    (one,) = (one for one in ld.site.statements if one.slug == slug)
    return Page(
        path=path(slug),
        title=clauses.title(one.title),
        description=clauses.description((f"{one.title} of {ld.site.name}, as stated by {ld.site.organisation}.",)),
        heading=one.title,
        body=OperatorStatement(one.paragraphs),
        crumbs=(Crumb("Home", urls.HOME), Crumb(one.title, "")),
        written_by="human",
    )


PAGE_TYPE = PageType("statement", OperatorStatement, keys, path, page, needs="a statement's page needs its setting")
