"""The search without a script: every name with its page; and the files that the search box reads."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

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
_KINDS = {
    "chip": "GPU, all variants",
    "gpu": "GPU",
    "provider": "provider",
    "region": "place",
    "guide": "guide",
    "page": "page",
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
            "write them: “4090”, “h100 80gb”, “8xH100 europe”. Below are the names of GPUs, providers, "
            "places and guides from A to Z."
        },
    )


def _groups(names: Sequence[Name]) -> Iterator[NameGroup]:
    """The names by their first letters, figures before A."""
    listed = sorted(_listed(names), key=lambda name: (_letter(name), name.text.casefold()))
    for letter, group in groupby(listed, key=_letter):
        yield NameGroup(f"names-{letter.lower()}", letter, tuple(map(_link, group)))


def _listed(names: Sequence[Name]) -> Iterator[Name]:
    for kind, group in groupby(names, key=lambda name: name.kind):
        if kind in _KINDS:
            yield from islice(group, _MOST_LINKS)


def _letter(name: Name) -> str:
    first = name.text[:1].upper()
    return first if "A" <= first <= "Z" else "0-9"


def _link(name: Name) -> Link:
    also = () if name.kind == "page" else name.also[:_SPELLINGS]
    return Link(name.text, name.path, ", ".join((_KINDS[name.kind], *also)))


PAGE_TYPE = PageType(
    "search",
    Search,
    single,
    path,
    page,
    (Rule("for_visitors", "to be more than a way to other pages", lambda _: False),),
    formats=(*TWINNED, "search_names", "search_machines"),
)
