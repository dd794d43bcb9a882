"""Which pairs of GPUs and of providers are worth comparing, and what each pair has in common."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import FloorRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.floors import Compared, at_same_sellers, floors_at, side_by_side
from generator.catalogue.views.gpus import gpu_link, gpu_slugs, group, times_apart
from generator.catalogue.views.providers import TERMS_TABLES, known_terms_n, provider_floors, provider_link
from generator.formats import money
from generator.model.blocks import Link, SharedPrice

MOST_PAIRS_A_GPU = 8
FEWEST_SHARED_PROVIDERS = 2
FEWEST_SHARED_GPUS = 3
FEWEST_TERMS = 5
_MEMORY_APART = 2  # times
_MEMORY_APART_IN_CLASS = 4
_SPEED_UNKNOWN = Decimal(3)

Pair = tuple[str, str]


class _Specs(NamedTuple):
    group: str
    vram_gb: int | None
    fp16_tflops: Decimal | None


@aggregate
def gpu_pairs(catalogue: Catalogue) -> tuple[Pair, ...]:
    """Pairs of like GPUs that at least two providers sell both of in the same number; at most eight for each GPU.

    Prices play no part, so that a page does not come and go with them.
    """
    shared, specs = _shared_sellers(catalogue), _specs(catalogue)
    related = ((specs[one], specs[other], (one, other), n) for (one, other), n in shared.items())
    scored = [(_unlikeness(one, other, n), pair) for one, other, pair, n in related if _are_related(one, other)]
    taken: Counter[str] = Counter()
    pairs = []
    for _, pair in sorted(scored):
        if max(taken[slug] for slug in pair) < MOST_PAIRS_A_GPU:
            taken.update(pair)
            pairs.append(pair)
    return tuple(sorted(pairs))


@aggregate
def provider_pairs(catalogue: Catalogue) -> tuple[Pair, ...]:
    """Pairs of providers of known terms that sell at least three of the same variants on demand."""
    shared = Counter(pair for sellers in catalogue.sellers.values() for pair in combinations(sellers, 2))
    many = [pair for pair, n in shared.items() if n >= FEWEST_SHARED_GPUS]
    catalogue.read_ahead(sorted({slug for pair in many for slug in pair}), *TERMS_TABLES)
    return tuple(sorted(pair for pair in many if all(known_terms_n(catalogue, slug) >= FEWEST_TERMS for slug in pair)))


@view
def paired_with_gpu(catalogue: Catalogue) -> dict[str, list[str]]:
    """The GPUs with which each is compared."""
    return _partners(gpu_pairs(catalogue))


@view
def paired_with_provider(catalogue: Catalogue) -> dict[str, list[str]]:
    """The providers with which each is compared."""
    return _partners(provider_pairs(catalogue))


@aggregate
def comparisons_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to a GPU's comparisons."""
    own, others = gpu_link(catalogue, slug).text, paired_with_gpu(catalogue).get(slug, [])
    return tuple(Link(f"{own} vs {gpu_link(catalogue, other).text}", urls.compare(slug, other)) for other in others)


@aggregate
def comparisons_of_provider(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to a provider's comparisons."""
    own, others = provider_link(catalogue, slug), paired_with_provider(catalogue).get(slug, [])
    links = ((other, provider_link(catalogue, other)) for other in others)
    return tuple(Link(f"{own.text} vs {link.text}", urls.compare(slug, other)) for other, link in links if own and link)


@view
def shared_providers(catalogue: Catalogue, a: str, b: str) -> tuple[SharedPrice, ...]:
    """Providers that sell both GPUs on demand in the same number, with their cheapest price of each."""
    both = at_same_sellers(floors_at(catalogue, a, "on_demand"), floors_at(catalogue, b, "on_demand"))
    found = sorted((compared.a, slug, compared) for slug, compared in both.items())
    return tuple(_shared(link, compared) for _, slug, compared in found if (link := provider_link(catalogue, slug)))


@view
def shared_gpus(catalogue: Catalogue, a: str, b: str) -> tuple[SharedPrice, ...]:
    """GPUs that both providers sell on demand, with the cheapest price of each in the same number, if there is one."""
    floors_a, floors_b = _floors_of_provider(catalogue, a), _floors_of_provider(catalogue, b)
    both = ((slug, side_by_side(floors_a[slug], floors_b[slug])) for slug in floors_a.keys() & floors_b.keys())
    found = sorted((-compared.a, slug, compared) for slug, compared in both)
    return tuple(_shared(gpu_link(catalogue, slug), compared) for _, slug, compared in found)


@view
def only_at(catalogue: Catalogue, a: str, b: str) -> tuple[Link, ...]:
    """GPUs that one provider sells on demand and the other does not."""
    floors_a, floors_b = _floors_of_provider(catalogue, a), _floors_of_provider(catalogue, b)
    return tuple(gpu_link(catalogue, slug) for slug in sorted(floors_a.keys() - floors_b.keys()))


@view
def _floors_of_provider(catalogue: Catalogue, provider: str) -> dict[str, FloorRow]:
    return {row.gpu_slug: row for row in provider_floors(catalogue, provider, "on_demand")}


def _shared(subject: Link, compared: Compared) -> SharedPrice:
    a, b = compared.a, compared.b
    is_equal = money(a) == money(b) or compared.a_count != compared.b_count
    cheaper = "" if is_equal else "a" if a < b else "b"
    return SharedPrice(subject, *compared, cheaper, round(max(a, b) / min(a, b) - 1, 4) if cheaper else Decimal(0))


def _shared_sellers(catalogue: Catalogue) -> dict[Pair, int]:
    """The pairs of GPUs with a page that enough providers sell both of in the same number, and how many do."""
    sold: dict[str, list[tuple[str, str]]] = {}
    for slug in gpu_slugs(catalogue):
        for seller, how in catalogue.sellers.get(slug, {}).items():
            sold.setdefault(seller, []).append((slug, how.gpu_counts))
    shared = Counter(pair for gpus in sold.values() for pair in _pairs_of_one_size(gpus))
    return {pair: n for pair, n in shared.items() if n >= FEWEST_SHARED_PROVIDERS}


def _pairs_of_one_size(sold: Iterable[tuple[str, str]]) -> Iterator[Pair]:
    """The pairs of slugs that share a number of GPUs; each comes with its numbers in words, "1 8"."""
    for (one, counts), (other, others) in combinations([(slug, set(counts.split())) for slug, counts in sold], 2):
        if not counts.isdisjoint(others):
            yield one, other


@aggregate
def _specs(catalogue: Catalogue) -> dict[str, _Specs]:
    """What tells how like each GPU another one is, without its prices."""
    return {slug: _Specs(group(row), row.vram_gb, row.fp16_tflops) for slug, row in catalogue.listed_gpus.rows.items()}


def _are_related(one: _Specs, other: _Specs) -> bool:
    memory = times_apart(one.vram_gb, other.vram_gb)
    most = _MEMORY_APART_IN_CLASS if one.group == other.group else _MEMORY_APART
    return memory is not None and memory <= most


def _unlikeness(one: _Specs, other: _Specs, shared: int) -> Decimal:
    """How unlike a pair is: more the further apart its speed and memory, and the fewer its shared providers."""
    speed = times_apart(one.fp16_tflops, other.fp16_tflops) or _SPEED_UNKNOWN
    return speed * (times_apart(one.vram_gb, other.vram_gb) or 1) / shared


def _partners(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    partners: dict[str, list[str]] = {}
    for one, other in pairs:
        partners.setdefault(one, []).append(other)
        partners.setdefault(other, []).append(one)
    return partners
