"""A published version of the methodology, with the text that it will always have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.prose import methodology_version, methodology_versions
from generator.formats import day
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import Key, PageType, Rule


@dataclass(frozen=True, slots=True)
class Version:
    """What the page shows beside the text."""

    published_on: date
    is_newest: bool
    others: tuple[Link, ...]


def keys(catalogue: Catalogue) -> Iterator[Key]:
    """A page for each published version."""
    return ((number,) for number in catalogue.methodology_versions)


def path(number: str) -> str:
    """/methodology/v1/."""
    return urls.methodology(number)


def page(read: SliceReader, _: JsonLd, number: str) -> Page:
    """The page of one version."""
    version, links = read(methodology_version, number), read(methodology_versions)
    return Page(
        path=path(number),
        title=f"Methodology, Version {number}",
        description=f"How prices here were collected and compared by version {number} of the methodology, of "
        f"{day(version.published_on)}; its text never changes.",
        heading=f"Methodology, version {number}",
        body=Version(
            version.published_on,
            links[0].path == path(number),
            tuple(link for link in links if link.path != path(number)),
        ),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Methodology", urls.METHODOLOGY), Crumb(f"Version {number}", "")),
        words={"text": version.text},
        written_by="human",
    )


PAGE_TYPE = PageType(
    "methodology_version",
    Version,
    keys,
    path,
    page,
    (Rule("for_citations", "to be /methodology/ itself, which has the newest version", lambda *_: False),),
    needs="a version of the methodology needs a text that was published",
)
