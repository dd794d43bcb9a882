"""GPUs by one hard constraint: an amount of memory, a band of prices, a feature that offers state.

Amounts and bands are disjoint, so that no two lists are near copies of each other.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.list_rows import FeatureFloorRow
from generator.catalogue.rows import ListedGpuRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.gpus import LINE_TABLES, gpu_line, gpu_link, gpu_slugs
from generator.catalogue.views.providers import provider_link
from generator.formats import money, plural
from generator.model.blocks import Link
from generator.model.lists import SetGpu, SetLine

MEMORY, PRICE, FEATURE = "vram", "per-hour", "with"
FEATURES: Mapping[str, str] = {"nvlink": "NVLink", "infiniband": "InfiniBand", "spot": "spot prices"}
FEWEST_GPUS = 2
_MEMORIES = (16, 24, 32, 40, 48, 80, 96, 141, 192)
_PRICES = tuple(map(Decimal, ("0", "0.5", "1", "2", "3", "5")))
_NONE = Decimal(0)

Set = tuple[str, str]
"""A kind of constraint, and its value as the address has it."""


class Constraint(NamedTuple):
    """What the GPUs of a set have in common: `words` complete "GPUs"; the lowest on-demand price counts."""

    words: str
    holds: Callable[[ListedGpuRow], bool]


def _memory(gigabytes: int) -> Constraint:
    return Constraint(f"with {gigabytes} GB of memory", lambda row: row.vram_gb == gigabytes)


def _price(least: Decimal, most: Decimal) -> Constraint:
    words = f"from {money(least)} to {money(most)} per hour" if least else f"under {money(most)} per hour"
    return Constraint(words, lambda row: row.floor is not None and least <= row.floor < most)


def _band(least: Decimal, most: Decimal) -> str:
    return f"{least}-to-{most}-usd" if least else f"under-{most}-usd"


_CONSTRAINTS: Mapping[Set, Constraint] = {
    **{(MEMORY, f"{gigabytes}gb"): _memory(gigabytes) for gigabytes in _MEMORIES},
    **{(PRICE, _band(least, most)): _price(least, most) for least, most in pairwise(_PRICES)},
}
_SETS: tuple[Set, ...] = (*_CONSTRAINTS, *((FEATURE, feature) for feature in FEATURES))


def set_words(kind: str, value: str) -> str:
    """What the GPUs of a set have in common: "with 80 GB of memory"."""
    return f"with {FEATURES[value]}" if kind == FEATURE else _CONSTRAINTS[kind, value].words


@aggregate
def gpu_sets(catalogue: Catalogue) -> tuple[Set, ...]:
    """The lists of GPUs by memory, price or feature that have a page."""
    return tuple(one for one in _SETS if len(members(catalogue, *one)) >= FEWEST_GPUS)


@aggregate
def members(catalogue: Catalogue, kind: str, value: str) -> tuple[str, ...]:
    """The GPUs of a list by memory, price or feature that somebody rents out at a ranked price, by slug."""
    if kind == FEATURE:
        catalogue.read_ahead(gpu_slugs(catalogue), "features_by_gpu")
        return tuple(slug for slug in gpu_slugs(catalogue) if _with_feature(catalogue, slug, value))
    rows = (catalogue.listed_gpus[slug] for slug in gpu_slugs(catalogue))
    return tuple(row.slug for row in rows if row.floor and _CONSTRAINTS[kind, value].holds(row))


@view
def set_lines(catalogue: Catalogue, kind: str, value: str) -> tuple[SetLine, ...]:
    """The GPUs of a list with their prices: on demand, or those of the feature; the cheapest first."""
    slugs = members(catalogue, kind, value)
    catalogue.read_ahead(slugs, *LINE_TABLES)
    lines = [_line(catalogue, slug, kind, value) for slug in slugs]
    return tuple(sorted(filter(None, lines), key=lambda line: (line.floor, line.gpu.short_name)))


@aggregate
def set_providers_n(catalogue: Catalogue, kind: str, value: str) -> int:
    """The number of providers that rent out a GPU of a list by memory, price or feature."""
    slugs = members(catalogue, kind, value)
    if kind == FEATURE:
        return len({row.provider_slug for slug in slugs for row in _with_feature(catalogue, slug, value)})
    return len({seller for slug in slugs for seller in catalogue.sellers.get(slug, ())})


@aggregate
def set_link(catalogue: Catalogue, kind: str, value: str) -> Link:
    """The link to a list of GPUs by memory, price or feature, with the number of its GPUs."""
    words = set_words(kind, value)
    return Link(f"GPUs {words}", urls.gpu_set(kind, value), plural(len(members(catalogue, kind, value)), "GPU"))


@view
def set_links(catalogue: Catalogue) -> tuple[Link, ...]:
    """Links to all lists of GPUs by memory, price or feature."""
    return tuple(set_link(catalogue, *one) for one in gpu_sets(catalogue))


@aggregate
def sets_of_gpu(catalogue: Catalogue, slug: str) -> tuple[Link, ...]:
    """Links to the lists by memory, price or feature that a GPU is in."""
    found = [one for one in gpu_sets(catalogue) if slug in members(catalogue, *one)]
    return tuple(Link(f"GPUs {set_words(*one)}", urls.gpu_set(*one)) for one in found)


@aggregate
def beside(catalogue: Catalogue, kind: str, value: str) -> tuple[Set, ...]:
    """The lists next to one of GPUs by memory or price; of one by feature, those by other features."""
    own, kin = (kind, value), [one for one in gpu_sets(catalogue) if one[0] == kind]
    if kind == FEATURE:
        return tuple(one for one in kin if one != own)
    if own not in kin:
        raise KeyError(value)
    place = kin.index(own)
    return (*kin[max(place - 1, 0) : place], *kin[place + 1 : place + 2])


@aggregate
def most_alike(catalogue: Catalogue, kind: str, value: str) -> Decimal:
    """The largest share (0 to 1) of GPUs that a list by memory, price or feature has in common with one beside it."""
    own, shares = {*members(catalogue, kind, value)}, []
    for other in beside(catalogue, kind, value):
        others = {*members(catalogue, *other)}
        shares.append(Decimal(len(own & others)) / len(own | others))
    return max(shares, default=_NONE)


def _with_feature(catalogue: Catalogue, slug: str, feature: str) -> list[FeatureFloorRow]:
    return [row for row in catalogue.features_by_gpu.get(slug, []) if row.feature == feature]


def _line(catalogue: Catalogue, slug: str, kind: str, value: str) -> SetLine | None:
    """A GPU's line; None where the provider of its lowest price is not listed."""
    if kind == FEATURE:
        return _feature_line(catalogue, set_gpu(catalogue, slug), _with_feature(catalogue, slug, value))
    market = gpu_line(catalogue, slug)
    if market.floor is None or market.floor_provider is None:
        return None
    prices = (market.floor, market.floor_provider, market.median, market.providers_n)
    return SetLine(set_gpu(catalogue, slug), *prices)


def set_gpu(catalogue: Catalogue, slug: str) -> SetGpu:
    """What lists show of a GPU, whatever it costs."""
    row = catalogue.gpus[slug]
    specs = (row.vram_gb, row.memory_bandwidth_gbps, row.fp16_tflops)
    return SetGpu(slug, row.name, row.short_name, gpu_link(catalogue, slug).path, *specs)


def _feature_line(catalogue: Catalogue, gpu: SetGpu, rows: Sequence[FeatureFloorRow]) -> SetLine | None:
    cheapest = min(rows, key=lambda row: (row.floor, row.provider_slug))
    seller, middle = provider_link(catalogue, cheapest.provider_slug), Decimal(median(row.floor for row in rows))
    return SetLine(gpu, cheapest.floor, seller, middle, len(rows)) if seller else None
