"""Where to find a comparison: those that most people look for, each GPU's, and where each provider's are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import MOST_LISTED, gpu_link, gpu_order
from generator.catalogue.views.pairs import comparisons_of_gpu, gpu_pairs, provider_pairs
from generator.catalogue.views.providers import provider_link, provider_order
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import PageType, single

_LEADING_PROVIDERS = ("aws", "azure", "gcp", "coreweave", "lambda-labs", "runpod", "vast-ai")
_LEADING_GPUS = 6  # that most providers rent out
_MOST_LINKS = 400


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """A GPU's comparisons; `more` links to its page for the rest."""

    title: str
    links: tuple[Link, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class CompareIndex:
    """What the index shows: the pairs that most people look for, each GPU's, and the providers that are compared."""

    leading_gpus: tuple[Link, ...]
    leading_providers: tuple[Link, ...]
    gpus: tuple[LinkGroup, ...]
    providers: tuple[Link, ...]


def path() -> str:
    """/compare/."""
    return urls.COMPARE_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    body = _body(read)
    counts = len(read(gpu_pairs)), len(read(provider_pairs))
    shown = [*body.leading_gpus, *body.leading_providers, *(link for group in body.gpus for link in group.links)]
    links = {link.path: link.text for link in reversed(shown)}
    return Page(
        path=path(),
        title="Compare Cloud GPUs and Providers",
        description=f"{plural(counts[0], 'comparison')} of cloud GPUs and {counts[1]} of providers: price, "
        "specs and terms side by side.",
        heading="Compare cloud GPUs and providers",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", "")),
        words={
            "answer": f"{plural(counts[0], 'pair')} of GPUs and {counts[1]} of providers, like for like.\n\n"
            "Two GPUs are compared at the providers that rent out both in machines of the same size, two providers "
            "by the GPUs that they have in common: three or more."
        },
        graph=(ld.item_list(path(), "Comparisons", [(text, to) for to, text in reversed(links.items())], sum(counts)),),
    )


def _body(read: SliceReader) -> CompareIndex:
    order = read(gpu_order)[:MOST_LISTED]
    compared = {slug for pair in read(provider_pairs) for slug in pair}
    return CompareIndex(
        leading_gpus=_of(order[:_LEADING_GPUS], read(gpu_pairs), {slug: read(gpu_link, slug) for slug in order}),
        leading_providers=_of(
            _LEADING_PROVIDERS, read(provider_pairs), {slug: read(provider_link, slug) for slug in _LEADING_PROVIDERS}
        ),
        gpus=_groups([(read(gpu_link, slug), read(comparisons_of_gpu, slug)) for slug in order]),
        providers=tuple(
            link
            for slug in read(provider_order)[:MOST_LISTED]
            if slug in compared and (link := read(provider_link, slug))
        ),
    )


def _of(
    leading: Sequence[str], pairs: Iterable[tuple[str, str]], known: dict[str, Link | None] | dict[str, Link]
) -> tuple[Link, ...]:
    """The pairs among the leading ones that there is a page for, in their order."""
    there = set(pairs)
    named = ((one, other) for one, other in combinations(leading, 2) if tuple(sorted((one, other))) in there)
    found = ((known[one], known[other], urls.compare(one, other)) for one, other in named)
    return tuple(Link(f"{a.text} vs {b.text}", to) for a, b, to in found if a and b)


def _groups(compared: list[tuple[Link, tuple[Link, ...]]]) -> tuple[LinkGroup, ...]:
    """As many comparisons of each GPU as the page has room for."""
    some = [(subject, links) for subject, links in compared if links]
    most = max((len(links) for _, links in some), default=0)
    while sum(min(most, len(links)) for _, links in some) > _MOST_LINKS and most > 1:
        most -= 1
    return tuple(
        LinkGroup(
            subject.text,
            links[:most],
            Link(f"{len(links) - most} more", subject.path) if len(links) > most else None,
        )
        for subject, links in some
    )


PAGE_TYPE = PageType("compare_index", CompareIndex, single, path, page)
