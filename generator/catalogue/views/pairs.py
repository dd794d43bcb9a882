"""Which pairs of GPUs and of providers are worth comparing, and what each pair has in common."""

from collections import Counter
from decimal import Decimal
from itertools import combinations

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_line, gpu_link, gpu_slugs, stats
from generator.catalogue.views.providers import provider_floors, provider_link
from generator.formats import money
from generator.model.blocks import Link, SharedPrice

MOST_PAIRS_A_GPU = 8
FEWEST_SHARED_PROVIDERS = 2
FEWEST_SHARED_GPUS = 3
_PRICES_APART = 4
_MEMORY_APART = 2

Pair = tuple[str, str]


@view
def gpu_pairs(catalogue: Catalogue) -> tuple[Pair, ...]:
    """Pairs of related GPUs that at least two providers sell both of; at most eight for each GPU."""
    priced = [slug for slug in gpu_slugs(catalogue) if stats(catalogue, slug, "on_demand")]
    scored = [(_unlikeness(catalogue, pair), pair) for pair in combinations(priced, 2) if _are_related(catalogue, pair)]
    taken: Counter[str] = Counter()
    pairs = []
    for _, pair in sorted(scored):
        if max(taken[slug] for slug in pair) < MOST_PAIRS_A_GPU:
            taken.update(pair)
            pairs.append(_ordered(pair))
    return tuple(sorted(pairs))


@view
def provider_pairs(catalogue: Catalogue) -> tuple[Pair, ...]:
    """Pairs of providers that sell at least three of the same variants on demand."""
    sellers = [slug for slug in catalogue.providers if provider_floors(catalogue, slug, "on_demand")]
    pairs = [
        _ordered(pair)
        for pair in combinations(sellers, 2)
        if len(_gpus(catalogue, pair[0]) & _gpus(catalogue, pair[1])) >= FEWEST_SHARED_GPUS
    ]
    return tuple(sorted(pairs))


@view
def comparisons_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to a GPU's comparisons."""
    others = [_other(pair, slug) for pair in gpu_pairs(catalogue) if slug in pair]
    own = catalogue.gpus[slug].short_name
    return tuple(Link(f"{own} vs {catalogue.gpus[other].short_name}", urls.compare(slug, other)) for other in others)


@view
def comparisons_of_provider(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to a provider's comparisons."""
    others = [_other(pair, slug) for pair in provider_pairs(catalogue) if slug in pair]
    own = catalogue.providers[slug].display_name
    return tuple(
        Link(f"{own} vs {catalogue.providers[other].display_name}", urls.compare(slug, other)) for other in others
    )


@view
def shared_providers(catalogue: Catalogue, a: str, b: str) -> tuple[SharedPrice, ...]:
    """Providers that sell both GPUs on demand, with their cheapest price of each."""
    floors_a, floors_b = _floors_of_gpu(catalogue, a), _floors_of_gpu(catalogue, b)
    both = sorted(floors_a.keys() & floors_b.keys(), key=lambda slug: (floors_a[slug], slug))
    return tuple(
        _shared(link, floors_a[slug], floors_b[slug]) for slug in both if (link := provider_link(catalogue, slug))
    )


@view
def shared_gpus(catalogue: Catalogue, a: str, b: str) -> tuple[SharedPrice, ...]:
    """GPUs that both providers sell on demand, with the cheapest price of each."""
    floors_a, floors_b = _gpus(catalogue, a), _gpus(catalogue, b)
    prices_a = {row.gpu_slug: row.floor for row in provider_floors(catalogue, a, "on_demand")}
    prices_b = {row.gpu_slug: row.floor for row in provider_floors(catalogue, b, "on_demand")}
    both = sorted(floors_a & floors_b, key=lambda slug: (-prices_a[slug], slug))
    return tuple(_shared(gpu_link(catalogue, slug), prices_a[slug], prices_b[slug]) for slug in both)


@view
def only_at(catalogue: Catalogue, a: str, b: str) -> tuple[Link, ...]:
    """GPUs that one provider sells on demand and the other does not."""
    return tuple(gpu_link(catalogue, slug) for slug in sorted(_gpus(catalogue, a) - _gpus(catalogue, b)))


def _gpus(catalogue: Catalogue, provider: str) -> set[str]:
    return {row.gpu_slug for row in provider_floors(catalogue, provider, "on_demand")}


def _floors_of_gpu(catalogue: Catalogue, gpu: str) -> dict[str, Decimal]:
    rows = catalogue.floors_by_gpu.get(gpu, [])
    return {row.provider_slug: row.floor for row in rows if row.pricing_type == "on_demand"}


def _shared(subject: Link, a: Decimal, b: Decimal) -> SharedPrice:
    cheaper = "" if money(a) == money(b) else "a" if a < b else "b"
    return SharedPrice(subject, a, b, cheaper, round(max(a, b) / min(a, b) - 1, 4) if cheaper else Decimal(0))


def _are_related(catalogue: Catalogue, pair: Pair) -> bool:
    one, other = (gpu_line(catalogue, slug) for slug in pair)
    if len(_floors_of_gpu(catalogue, pair[0]).keys() & _floors_of_gpu(catalogue, pair[1])) < FEWEST_SHARED_PROVIDERS:
        return False
    same_class = one.group == other.group and _apart(one.median, other.median) <= _PRICES_APART
    return same_class or _apart(one.vram_gb, other.vram_gb) <= _MEMORY_APART


def _unlikeness(catalogue: Catalogue, pair: Pair) -> Decimal:
    """How unlike a pair is: more the further apart its prices and memory, and the fewer its shared providers."""
    one, other = (gpu_line(catalogue, slug) for slug in pair)
    common = _floors_of_gpu(catalogue, pair[0]).keys() & _floors_of_gpu(catalogue, pair[1])
    return _apart(one.median, other.median) * _apart(one.vram_gb, other.vram_gb) / len(common)


def _apart(one: Decimal | int | None, other: Decimal | int | None) -> Decimal:
    if not one or not other:
        return Decimal("Infinity")
    return Decimal(max(one, other)) / Decimal(min(one, other))


def _ordered(pair: Pair) -> Pair:
    first, second = sorted(pair)
    return first, second


def _other(pair: Pair, slug: str) -> str:
    return pair[0] if pair[1] == slug else pair[1]
