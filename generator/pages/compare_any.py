"""Any GPUs, providers or offers side by side: a script makes the table, the page lists the pairs with pages."""

from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import gpu_link, gpu_order
from generator.catalogue.views.pairs import gpu_pairs, provider_pairs
from generator.catalogue.views.providers import provider_link, provider_order
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import TWINNED, PageType, Rule, single

_SHOWN = 24


@dataclass(frozen=True, slots=True)
class CompareAny:
    """All pairs that have a page, and links to some of these pages: those of the GPUs and providers that lead."""

    gpu_pairs: tuple[tuple[str, str], ...]
    provider_pairs: tuple[tuple[str, str], ...]
    gpus: tuple[Link, ...]
    providers: tuple[Link, ...]


def path() -> str:
    """/compare/any/."""
    return urls.COMPARE_ANY


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The page."""
    return Page(
        path=path(),
        title="Compare any GPUs, Providers or Offers",
        description="Any GPUs, providers or offers side by side, with what each differs from the one you choose.",
        heading="Compare any GPUs, providers or offers",
        body=_body(read),
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", urls.COMPARE_INDEX), Crumb("Any", "")),
        words={
            "answer": "Side by side, with the difference from the one you choose; what is not stated is marked. "
            "The address keeps the choice, to share it."
        },
    )


def _body(read: SliceReader) -> CompareAny:
    gpus, providers = read(gpu_pairs), read(provider_pairs)
    return CompareAny(
        gpu_pairs=gpus,
        provider_pairs=providers,
        gpus=tuple(
            Link(f"{read(gpu_link, one).text} vs {read(gpu_link, other).text}", urls.compare(one, other))
            for one, other in _leading(gpus, read(gpu_order))
        ),
        providers=tuple(
            Link(f"{a.text} vs {b.text}", urls.compare(one, other))
            for one, other in _leading(providers, read(provider_order))
            if (a := read(provider_link, one)) and (b := read(provider_link, other))
        ),
    )


def _leading(pairs: tuple[tuple[str, str], ...], order: tuple[str, ...]) -> list[tuple[str, str]]:
    """The pairs of those that come first in an order."""
    place = {slug: n for n, slug in enumerate(order)}
    known = [pair for pair in pairs if place.keys() >= set(pair)]
    return sorted(known, key=lambda pair: (place[pair[0]] + place[pair[1]], pair))[:_SHOWN]


PAGE_TYPE = PageType(
    "compare_any",
    CompareAny,
    single,
    path,
    page,
    (Rule("made_by_a_script", "a table that does not depend on what a visitor chooses", lambda _: False),),
    formats=(*TWINNED, "json"),
)
