"""The continents and countries with GPUs at a stated place."""

from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.places import (
    CONTINENTS,
    countries_of,
    region_link,
    region_of,
    region_slugs,
    silent_providers,
)
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import PageType, Rule, single


@dataclass(frozen=True, slots=True)
class Continent:
    """A continent and its countries."""

    link: Link
    countries: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RegionIndex:
    """What the index shows."""

    continents: tuple[Continent, ...]


def path() -> str:
    """/region/."""
    return urls.REGION_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    continents = tuple(_continent(read, slug) for slug in read(region_slugs) if region_of(slug).name in CONTINENTS)
    links = [link for continent in continents for link in (continent.link, *continent.countries)]
    countries = plural(sum(len(continent.countries) for continent in continents), "country", "countries")
    silent, sellers_n = read(silent_providers)
    return Page(
        path=path(),
        title="Cloud GPUs by Country and Continent",
        description=f"Where cloud GPUs are: {countries} with offers at a stated place, the providers, "
        "and their prices beside the world’s.",
        heading="Cloud GPUs by country and continent",
        body=RegionIndex(continents),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Regions", "")),
        words={
            "answer": f"{sellers_n - silent} of the {plural(sellers_n, 'provider')} with prices here state where "
            f"offers of theirs are, in {countries}. “Global” is not a place, so it counts in none."
        },
        graph=(ld.item_list(path(), "Regions with cloud GPUs", [(link.text, link.path) for link in links]),),
    )


def _continent(read: SliceReader, slug: str) -> Continent:
    return Continent(read(region_link, slug), tuple(read(region_link, country) for country in read(countries_of, slug)))


PAGE_TYPE = PageType(
    "region_index",
    RegionIndex,
    single,
    path,
    page,
    (Rule("no_regions", "an offer at a stated place", lambda read: bool(read(region_slugs))),),
)
