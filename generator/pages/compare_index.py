"""All comparisons, grouped by GPU and by provider."""

from dataclasses import dataclass

from generator import urls
from generator.catalogue.slices import SliceReader
from generator.catalogue.views.gpus import MOST_LISTED, gpu_link, gpu_order
from generator.catalogue.views.pairs import comparisons_of_gpu, comparisons_of_provider, gpu_pairs, provider_pairs
from generator.catalogue.views.providers import provider_link, provider_order
from generator.formats import plural
from generator.model.blocks import Link
from generator.model.jsonld import JsonLd
from generator.model.page import Crumb, Page
from generator.pages.registry import PageType, single

_MOST_LINKS = 400
_Compared = list[tuple[Link, tuple[Link, ...]]]


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """A GPU's or provider's comparisons that no earlier group has; `more` links to its page for the rest."""

    title: str
    links: tuple[Link, ...]
    more: Link | None = None


@dataclass(frozen=True, slots=True)
class CompareIndex:
    """What the index shows."""

    gpu_pairs: tuple[LinkGroup, ...]
    provider_pairs: tuple[LinkGroup, ...]


def path() -> str:
    """/compare/."""
    return urls.COMPARE_INDEX


def page(read: SliceReader, ld: JsonLd) -> Page:
    """The index."""
    gpus = [(read(gpu_link, slug), read(comparisons_of_gpu, slug)) for slug in read(gpu_order)[:MOST_LISTED]]
    providers = [
        (link, read(comparisons_of_provider, slug))
        for slug in read(provider_order)[:MOST_LISTED]
        if (link := read(provider_link, slug))
    ]
    body = _fitting(gpus, providers)
    counts = len(read(gpu_pairs)), len(read(provider_pairs))
    links = [link for group in (*body.gpu_pairs, *body.provider_pairs) for link in group.links]
    return Page(
        path=path(),
        title="Compare Cloud GPUs and Providers",
        description=f"{plural(counts[0], 'comparison')} of cloud GPUs and {counts[1]} of providers: price, "
        "specs and terms side by side.",
        heading="Compare cloud GPUs and providers",
        body=body,
        crumbs=(Crumb("Home", urls.HOME), Crumb("Compare", "")),
        words={
            "answer": f"{plural(counts[0], 'pair')} of GPUs where at least two providers offer both, and "
            f"{plural(counts[1], 'pair')} of providers with at least three GPUs in common."
        },
        graph=(ld.item_list(path(), "Comparisons", [(link.text, link.path) for link in links], sum(counts)),),
    )


def _fitting(gpus: _Compared, providers: _Compared) -> CompareIndex:
    """As many comparisons of each GPU and provider as the page has room for."""
    most = max((len(links) for _, links in (*gpus, *providers)), default=0)
    while _links(index := CompareIndex(_once(gpus, most), _once(providers, most))) > _MOST_LINKS and most > 1:
        most -= 1
    return index


def _links(index: CompareIndex) -> int:
    return sum(len(group.links) for group in (*index.gpu_pairs, *index.provider_pairs))


def _once(compared: _Compared, most: int) -> tuple[LinkGroup, ...]:
    """Each comparison once, under the first of its two sides that has room for it."""
    seen: set[str] = set()
    groups = []
    for subject, links in compared:
        new = [link for link in links if link.path not in seen]
        seen.update(link.path for link in new[:most])
        more = Link(f"{len(new) - most} more", subject.path) if len(new) > most else None
        if new:
            groups.append(LinkGroup(subject.text, tuple(new[:most]), more))
    return tuple(groups)


PAGE_TYPE = PageType("compare_index", CompareIndex, single, path, page)
