"""The search without a script: every name with its page; and the files that the search box reads."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.search_names import search_machines, search_names
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.model.search import Name, NameGroup, Search
from generator.pages.registry import TWINNED, PageType, Rule, single

_MOST_LINKS = 250  # of a kind; the search knows all
_SPELLINGS = 3
_TITLES = {
    "chip": "GPU chips",
    "gpu": "GPUs",
    "provider": "Providers",
    "region": "Countries and continents",
    "guide": "Guides",
    "page": "Other pages",
}


def path() -> str:
    """/search/."""
    return urls.SEARCH


def page(read: SliceReader, _: JsonLd) -> Page:
    """The page."""
    names, machines = read(search_names), read(search_machines)
    return Page(
        path=path(),
        title="Search GPUs, Providers and Machine Types",
        description=f"{plural(len(names), 'page')} by name: GPUs, providers, places, lists and guides.",
        heading="Search",
        body=Search(names, machines, tuple(_groups(names))),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Search", "")),
        words={
            "answer": "The search box at the top finds GPUs, providers, places, comparisons and machine types as you "
            "write them: “4090”, “h100 80gb”, “8xH100 europe”. Below are the names that it knows best."
        },
    )


def _groups(names: Sequence[Name]) -> Iterator[NameGroup]:
    for kind, group in groupby(names, key=lambda name: name.kind):
        if kind in _TITLES:
            links = tuple(Link(name.text, name.path, ", ".join(name.also[:_SPELLINGS])) for name in group)[:_MOST_LINKS]
            yield NameGroup(kind, _TITLES[kind], links)


PAGE_TYPE = PageType(
    "search",
    Search,
    single,
    path,
    page,
    (Rule("for_visitors", "to be more than a way to other pages", lambda _: False),),
    formats=(*TWINNED, "search_names", "search_machines"),
)
