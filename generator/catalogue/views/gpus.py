"""GPUs: which have a page, how they are listed, and their market figures."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from heapq import merge
from itertools import islice

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.rows import GpuRow, ListedGpuRow, OfferRow, StatsRow
from generator.catalogue.slices import aggregate, view
from generator.catalogue.views.floors import spot_ratio
from generator.catalogue.views.trends import change_over
from generator.labels import SEGMENTS
from generator.model.blocks import GpuLine, Link, NodeSize, SegmentLine, StatLine

PRICING_TYPES = ("on_demand", "spot", "monthly", "reserved_1y", "reserved_3y")
GROUPS = ("datacenter", "workstation", "consumer", "other")
_WORKSTATION = ("rtx-", "quadro-", "titan-")  # what slugs of professional cards begin with
_ARCHITECTURES = {"cdna": "CDNA", "rdna": "RDNA", "gaudi": "Gaudi"}
_NEIGHBOURS = 6
_CANDIDATES = 60
LINE_TABLES = ("gpus", "stats_by_gpu", "shown_offers", "floors_by_gpu", "earlier_floors")
"""What `gpu_line` reads of each GPU."""
_MEMORY_APART = 2  # times
_APART = 3  # times, in speed or price
_SPEED_UNKNOWN = Decimal(2)
MOST_LISTED = 180  # on a page


@view
def gpu_row(catalogue: Catalogue, slug: str) -> GpuRow:
    """A GPU's specs."""
    return catalogue.gpus[slug]


@aggregate
def gpu_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The variants that have a page: offered now, or with a price history."""
    return tuple(slug for slug, row in catalogue.listed_gpus.items() if row.kind == "variant" and row.is_known)


@aggregate
def chip_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The chips that have a page: at least two of their variants have one."""
    of_chip = Counter(catalogue.listed_gpus[slug].chip for slug in gpu_slugs(catalogue))
    return tuple(slug for slug, row in catalogue.listed_gpus.items() if row.kind == "chip" and of_chip[slug] >= 2)


@aggregate
def variants(catalogue: Catalogue, chip: str) -> tuple[str, ...]:
    """A chip's variants that have a page."""
    return tuple(slug for slug in gpu_slugs(catalogue) if catalogue.listed_gpus[slug].chip == chip)


@aggregate
def gpu_paths(catalogue: Catalogue) -> dict[str, str]:
    """Where each GPU is shown: its page; for a chip without one, its only variant's page or the index."""
    pages = {*gpu_slugs(catalogue), *chip_slugs(catalogue)}
    only = {catalogue.listed_gpus[slug].chip: slug for slug in reversed(gpu_slugs(catalogue))}
    shown = {slug: slug if slug in pages else only.get(slug) for slug in catalogue.listed_gpus}
    return {slug: urls.gpu(page) if page else urls.GPU_INDEX for slug, page in shown.items()}


@aggregate
def gpu_link(catalogue: Catalogue, slug: str) -> Link:
    """A GPU's name and page."""
    return Link(catalogue.gpus[slug].short_name, gpu_paths(catalogue)[slug])


@aggregate
def gpu_line(catalogue: Catalogue, slug: str) -> GpuLine:
    """A GPU with its specs and market figures, as lists show it."""
    row = catalogue.gpus[slug]
    on_demand, spot = stats(catalogue, slug, "on_demand"), stats(catalogue, slug, "spot")
    return GpuLine(
        slug=slug,
        name=row.name,
        short_name=row.short_name,
        path=gpu_paths(catalogue)[slug],
        manufacturer=row.manufacturer,
        architecture=architecture(row),
        group=group(row),
        form_factor=row.form_factor or "",
        vram_gb=row.vram_gb,
        memory_type=row.memory_type or "",
        memory_bandwidth_gbps=row.memory_bandwidth_gbps,
        fp16_tflops=row.fp16_tflops,
        fp8_tflops=row.fp8_tflops,
        floor=on_demand.floor if on_demand else None,
        floor_provider=_provider(catalogue, on_demand.cheapest_provider) if on_demand else None,
        median=on_demand.median if on_demand else None,
        ceiling=on_demand.ceiling if on_demand else None,
        spot_floor=spot.floor if spot else None,
        spot_ratio=spot_ratio(catalogue, slug) if spot else None,
        providers_n=on_demand.providers_n if on_demand else 0,
        offers_n=catalogue.shown_offers.get(slug, 0),
        per_vram_gb=round(on_demand.floor / row.vram_gb, 4) if on_demand and row.vram_gb else None,
        change_30d=change_over(catalogue, slug) if on_demand else None,
    )


@view
def gpu_lines(catalogue: Catalogue) -> tuple[GpuLine, ...]:
    """GPUs with a page, those with the most providers first: as many as a page has room for."""
    slugs = gpu_order(catalogue)[:MOST_LISTED]
    catalogue.read_ahead(slugs, *LINE_TABLES)
    return tuple(gpu_line(catalogue, slug) for slug in slugs)


@aggregate
def gpu_order(catalogue: Catalogue) -> tuple[str, ...]:
    """The slugs of all GPUs with a page, in the same order."""
    known = (catalogue.listed_gpus[slug] for slug in gpu_slugs(catalogue))
    return tuple(row.slug for row in sorted(known, key=lambda row: (-row.providers_n, -row.offers_n, row.slug)))


@view
def unoffered_lines(catalogue: Catalogue) -> tuple[GpuLine, ...]:
    """Variants that no provider offers now."""
    rows = (row for row in catalogue.listed_gpus.values() if row.kind == "variant" and not row.offers_n)
    return tuple(gpu_line(catalogue, row.slug) for row in islice(rows, MOST_LISTED))


@view
def stats(catalogue: Catalogue, slug: str, pricing_type: str) -> StatsRow | None:
    """Market figures of a GPU; None where nothing is ranked."""
    return _figures(catalogue, slug).get((pricing_type, ""))


@aggregate
def last_read(catalogue: Catalogue, slug: str) -> datetime | None:
    """The day on which a ranked price of a GPU was last read; None where none is ranked."""
    row = catalogue.confirmed.get(slug)
    return midnight(row.last_confirmed_at) if row else None


@view
def last_read_of(catalogue: Catalogue, *slugs: str) -> datetime | None:
    """The day on which a ranked price of any of these GPUs was last read."""
    catalogue.read_ahead(slugs, "confirmed")
    return max(filter(None, (last_read(catalogue, slug) for slug in slugs)), default=None)


@view
def stat_lines(catalogue: Catalogue, slug: str) -> tuple[StatLine, ...]:
    """Market figures of a GPU for each pricing type that has any."""
    found = [stats(catalogue, slug, pricing_type) for pricing_type in PRICING_TYPES]
    return tuple(
        StatLine(row.pricing_type, row.floor, row.p25, row.median, row.p75, row.ceiling, row.providers_n, row.offers_n)
        for row in found
        if row
    )


@view
def segment_lines(catalogue: Catalogue, slug: str) -> tuple[SegmentLine, ...]:
    """A GPU's on-demand market by segment: hyperscalers and marketplaces have no price in common."""
    found = [(segment, _figures(catalogue, slug).get(("on_demand", segment))) for segment in SEGMENTS]
    return tuple(
        SegmentLine(name, row.floor, seller, row.p25, row.median, row.p75, row.ceiling, row.providers_n)
        for name, row in found
        if row and (seller := _provider(catalogue, row.cheapest_provider))
    )


@view
def node_sizes(catalogue: Catalogue, slug: str) -> tuple[NodeSize, ...]:
    """The numbers of GPUs that can be rented together on demand, with the cheapest provider of each."""
    by_count: dict[int, list[tuple[Decimal, str]]] = {}
    for offer in catalogue.offers_by_gpu.get(slug, ()):
        if offer.size_stated and offer.ranks_as("on_demand") and offer.price_per_gpu_hour:
            by_count.setdefault(offer.gpu_count, []).append((offer.price_per_gpu_hour, offer.provider_slug))
    return tuple(_node_size(catalogue, count, found) for count, found in sorted(by_count.items()))


@view
def neighbours(catalogue: Catalogue, slug: str) -> tuple[GpuLine, ...]:
    """Up to six GPUs that one would rent instead, the most alike first."""
    slugs = neighbour_slugs(catalogue, slug)
    catalogue.read_ahead(slugs, *LINE_TABLES)
    return tuple(gpu_line(catalogue, other) for other in slugs)


@aggregate
def neighbour_slugs(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The slugs of `neighbours`: of its own class, by any maker, the least apart in memory, speed and price together.

    None has more than twice or less than half of its memory, or differs in speed or price by more than three times.
    """
    own = catalogue.listed_gpus[slug]
    found = ((_unlikeness(own, other), other.slug) for other in _candidates(catalogue, own))
    return tuple(other for unlike, other in sorted((unlike, other) for unlike, other in found if unlike)[:_NEIGHBOURS])


def _candidates(catalogue: Catalogue, own: ListedGpuRow) -> Iterator[ListedGpuRow]:
    """The GPUs with a price that are nearest in price; for one without a price, those that most providers rent out."""
    if own.median is not None:
        return islice(_outwards(priced_gpus(catalogue), own), _CANDIDATES)
    known = (catalogue.listed_gpus[other] for other in gpu_order(catalogue) if other != own.slug)
    return islice((row for row in known if row.median), _CANDIDATES)


def _unlikeness(own: ListedGpuRow, other: ListedGpuRow) -> Decimal | None:
    """How unlike two GPUs are; None where one would not be rented instead of the other."""
    memory = times_apart(own.vram_gb, other.vram_gb)
    if memory is None or memory > _MEMORY_APART or _class(own) != _class(other):
        return None
    speed = times_apart(own.fp16_tflops, other.fp16_tflops) or _SPEED_UNKNOWN
    price = times_apart(own.median, other.median) or Decimal(1)
    return memory * speed * price if max(speed, price) <= _APART else None


def times_apart(one: Decimal | int | None, other: Decimal | int | None) -> Decimal | None:
    """How many times the larger of two figures is the smaller one; None where one is not known."""
    return Decimal(max(one, other)) / Decimal(min(one, other)) if one and other else None


@view
def priced_gpus(catalogue: Catalogue) -> list[ListedGpuRow]:
    """The GPUs with an on-demand market, by its median."""
    known = (catalogue.listed_gpus[slug] for slug in gpu_slugs(catalogue))
    return sorted((row for row in known if row.median), key=_price_order)


def group(row: GpuRow | ListedGpuRow) -> str:
    """The group under which the index lists a GPU."""
    return _class(row) if row.manufacturer == "NVIDIA" else "other"


def _class(row: GpuRow | ListedGpuRow) -> str:
    """What kind of machine a GPU is made for."""
    if row.is_consumer:
        return "consumer"
    return "workstation" if row.slug.startswith(_WORKSTATION) or not row.is_datacenter else "datacenter"


def architecture(row: GpuRow) -> str:
    """The name of a GPU's architecture."""
    return architecture_name(row.architecture)


def architecture_name(code: str) -> str:
    """An architecture's name: "Ada Lovelace" for "ada_lovelace", "CDNA 3" for "cdna3"."""
    family = code.rstrip("0123456789")
    number = code.removeprefix(family)
    name = _ARCHITECTURES.get(family) or family.removeprefix("consumer_").replace("_", " ").title()
    return f"{name} {number}".strip()


def unstated_offers(catalogue: Catalogue, chip: str | None) -> list[OfferRow]:
    """Offers that name a chip but not its form factor."""
    return list(catalogue.offers_by_gpu.get(chip or "", ()))


@view
def _figures(catalogue: Catalogue, slug: str) -> dict[tuple[str, str], StatsRow]:
    """A GPU's market figures by pricing type and segment."""
    return {(row.pricing_type, row.segment): row for row in catalogue.stats_by_gpu.get(slug, ())}


def _provider(catalogue: Catalogue, slug: str) -> Link:
    return Link(catalogue.providers[slug].display_name, urls.provider(slug))


def _node_size(catalogue: Catalogue, count: int, found: list[tuple[Decimal, str]]) -> NodeSize:
    floor, slug = min(found)
    sellers = {provider_slug for _, provider_slug in found}
    return NodeSize(count, len(sellers), floor, _provider(catalogue, slug))


def _outwards(by_price: list[ListedGpuRow], own: ListedGpuRow) -> Iterator[ListedGpuRow]:
    """The other GPUs by how far their median is from this one's, the nearest first."""
    place = bisect_left(by_price, _price_order(own), key=_price_order)
    others = by_price[:place][::-1], by_price[place + 1 :]
    return merge(*others, key=lambda row: abs((row.median or Decimal(0)) - (own.median or Decimal(0))))


def _price_order(row: ListedGpuRow) -> tuple[Decimal, str]:
    return row.median or Decimal(0), row.slug
