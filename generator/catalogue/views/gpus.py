"""GPUs: which have a page, how they are listed, and their market figures."""

from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import GpuRow, OfferRow, StatsRow
from generator.catalogue.slices import view
from generator.catalogue.views.trends import change_over
from generator.labels import SEGMENTS
from generator.model.blocks import GpuLine, Link, NodeSize, SegmentLine, StatLine

PRICING_TYPES = ("on_demand", "spot", "monthly", "reserved_1y", "reserved_3y")
GROUPS = ("datacenter", "workstation", "consumer", "other")
_WORKSTATION = ("rtx-", "quadro-", "titan-")  # what slugs of professional cards begin with
_ARCHITECTURES = {"cdna": "CDNA", "rdna": "RDNA", "gaudi": "Gaudi"}
_VRAM_NEAR = Decimal("0.25")
_PRICE_NEAR = Decimal("0.40")


@view
def gpu_row(catalogue: Catalogue, slug: str) -> GpuRow:
    """A GPU's specs."""
    return catalogue.gpus[slug]


@view
def gpu_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The variants that have a page: offered now, or with a price history."""
    return tuple(slug for slug, row in catalogue.gpus.items() if row.kind == "variant" and _is_known(catalogue, slug))


@view
def chip_slugs(catalogue: Catalogue) -> tuple[str, ...]:
    """The chips that have a page: at least two of their variants have one."""
    return tuple(
        slug for slug, row in catalogue.gpus.items() if row.kind == "chip" and len(variants(catalogue, slug)) >= 2
    )


@view
def variants(catalogue: Catalogue, chip: str) -> tuple[str, ...]:
    """A chip's variants that have a page."""
    return tuple(slug for slug in gpu_slugs(catalogue) if catalogue.gpus[slug].chip == chip)


@view
def gpu_path(catalogue: Catalogue, slug: str) -> str:
    """Where a GPU is shown: its page; for a chip without one, its only variant's page or the index."""
    if slug in gpu_slugs(catalogue) or slug in chip_slugs(catalogue):
        return urls.gpu(slug)
    of_chip = variants(catalogue, slug)
    return urls.gpu(of_chip[0]) if of_chip else urls.GPU_INDEX


@view
def gpu_link(catalogue: Catalogue, slug: str) -> Link:
    """A GPU's name and page."""
    return Link(catalogue.gpus[slug].short_name, gpu_path(catalogue, slug))


@view
def gpu_line(catalogue: Catalogue, slug: str) -> GpuLine:
    """A GPU with its specs and market figures, as lists show it."""
    row = catalogue.gpus[slug]
    on_demand, spot = stats(catalogue, slug, "on_demand"), stats(catalogue, slug, "spot")
    change = change_over(catalogue, slug) if on_demand else None
    return GpuLine(
        slug=slug,
        name=row.name,
        short_name=row.short_name,
        path=gpu_path(catalogue, slug),
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
        spot_floor=spot.floor if spot else None,
        providers_n=on_demand.providers_n if on_demand else 0,
        offers_n=len(catalogue.offers_by_gpu.get(slug, ())),
        per_vram_gb=round(on_demand.floor / row.vram_gb, 4) if on_demand and row.vram_gb else None,
        change_30d=change.ratio if change else None,
        change_source=change.source if change else "",
    )


@view
def gpu_lines(catalogue: Catalogue) -> tuple[GpuLine, ...]:
    """All GPUs with a page, those with the most providers first."""
    lines = [gpu_line(catalogue, slug) for slug in gpu_slugs(catalogue)]
    return tuple(sorted(lines, key=lambda line: (-line.providers_n, -line.offers_n, line.slug)))


@view
def gpu_order(catalogue: Catalogue) -> tuple[str, ...]:
    """The slugs of the same, for pages that show no figures."""
    return tuple(line.slug for line in gpu_lines(catalogue))


@view
def unoffered_lines(catalogue: Catalogue) -> tuple[GpuLine, ...]:
    """Variants that no provider offers now."""
    return tuple(
        gpu_line(catalogue, slug)
        for slug, row in catalogue.gpus.items()
        if row.kind == "variant" and slug not in catalogue.offers_by_gpu
    )


@view
def stats(catalogue: Catalogue, slug: str, pricing_type: str) -> StatsRow | None:
    """Market figures of a GPU; None where nothing is ranked."""
    return catalogue.stats.get((slug, pricing_type, ""))


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
    found = [(segment, catalogue.stats.get((slug, "on_demand", segment))) for segment in SEGMENTS]
    return tuple(
        SegmentLine(name, row.floor, _provider(catalogue, row.cheapest_provider), row.median, row.providers_n)
        for name, row in found
        if row
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
    """Up to six priced GPUs of similar memory or price: the nearest in price, else those with the most providers."""
    own = gpu_line(catalogue, slug)
    others = [line for line in gpu_lines(catalogue) if line.slug != slug and line.median and _is_near(own, line)]
    if own.median is not None:
        others.sort(key=lambda line: abs((line.median or Decimal(0)) - (own.median or Decimal(0))))
    return tuple(others[:6])


def group(row: GpuRow) -> str:
    """The group under which the index lists a GPU."""
    if row.manufacturer != "NVIDIA":
        return "other"
    if row.is_consumer:
        return "consumer"
    return "workstation" if row.slug.startswith(_WORKSTATION) or not row.is_datacenter else "datacenter"


def architecture(row: GpuRow) -> str:
    """The name of a GPU's architecture: "Ada Lovelace", "CDNA 3"."""
    family = row.architecture.rstrip("0123456789")
    number = row.architecture.removeprefix(family)
    name = _ARCHITECTURES.get(family) or family.removeprefix("consumer_").replace("_", " ").title()
    return f"{name} {number}".strip()


def unstated_offers(catalogue: Catalogue, chip: str | None) -> list[OfferRow]:
    """Offers that name a chip but not its form factor."""
    return list(catalogue.offers_by_gpu.get(chip or "", ()))


def _is_known(catalogue: Catalogue, slug: str) -> bool:
    return slug in catalogue.offers_by_gpu or slug in catalogue.trends or slug in catalogue.reference_trends


def _provider(catalogue: Catalogue, slug: str) -> Link:
    return Link(catalogue.providers[slug].display_name, urls.provider(slug))


def _node_size(catalogue: Catalogue, count: int, found: list[tuple[Decimal, str]]) -> NodeSize:
    floor, slug = min(found)
    sellers = {provider_slug for _, provider_slug in found}
    return NodeSize(count, len(sellers), floor, _provider(catalogue, slug))


def _is_near(one: GpuLine, other: GpuLine) -> bool:
    memory = _within(one.vram_gb, other.vram_gb, _VRAM_NEAR)
    return memory or _within(one.median, other.median, _PRICE_NEAR)


def _within(one: Decimal | int | None, other: Decimal | int | None, share: Decimal) -> bool:
    return bool(one and other) and abs(Decimal(other or 0) / Decimal(one or 1) - 1) <= share
