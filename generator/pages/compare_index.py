"""All comparisons, grouped by what they start from."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator import urls
from generator.catalogue import Catalogue, Reader
from generator.formats import plural
from generator.jsonld import JsonLd
from generator.pages.blocks import Link
from generator.pages.page import Crumb, Page
from generator.views.gpus import gpu_link, gpu_order
from generator.views.pairs import comparisons_of_gpu, comparisons_of_provider, gpu_pairs, provider_pairs
from generator.views.providers import provider_link, provider_order

PAGE_TYPE = "compare_index"


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Comparisons of one GPU or provider that no earlier group has."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CompareIndex:
    """What the index shows."""

    gpu_pairs: tuple[LinkGroup, ...]
    provider_pairs: tuple[LinkGroup, ...]


def keys(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """The one index."""
    return iter([()])


def path() -> str:
    """/compare/."""
    return urls.COMPARE_INDEX


def page(read: Reader, ld: JsonLd) -> Page:
    """The index."""
    gpus = [(read(gpu_link, slug).text, read(comparisons_of_gpu, slug)) for slug in read(gpu_order)]
    providers = [
        (link.text, read(comparisons_of_provider, slug))
        for slug in read(provider_order)
        if (link := read(provider_link, slug))
    ]
    body = CompareIndex(_once(gpus), _once(providers))
    counts = len(read(gpu_pairs)), len(read(provider_pairs))
    links = [link for group in (*body.gpu_pairs, *body.provider_pairs) for link in group.links]
    return Page(
        path=path(),
        page_type=PAGE_TYPE,
        template="compare_index.html",
        title="Compare Cloud GPUs and Providers",
        description=f"{plural(counts[0], 'comparison')} of cloud GPUs and {counts[1]} of providers: price, "
        "specs and terms side by side.",
        heading="Compare cloud GPUs and providers",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", "")),
        words={
            "answer": f"{plural(counts[0], 'pair')} of GPUs that at least two providers have both of, and "
            f"{plural(counts[1], 'pair')} of providers with at least three GPUs in common."
        },
        graph=(ld.item_list(path(), "Comparisons", [(link.text, link.path) for link in links]),),
    )


def _once(named: list[tuple[str, tuple[Link, ...]]]) -> tuple[LinkGroup, ...]:
    """Each comparison under the first of its two sides only."""
    seen: set[str] = set()
    groups = []
    for title, links in named:
        new = tuple(link for link in links if link.path not in seen)
        seen.update(link.path for link in new)
        if new:
            groups.append(LinkGroup(title, new))
    return tuple(groups)
