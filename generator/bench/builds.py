"""How fast a build is, with a made-up catalogue of a given size: ratios within one run, since machines differ.

The catalogue is made in memory and the pages go to a temporary folder, so that pages are measured and not the
database.  The yardstick is just writing the same bytes.
"""

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import TypeVar
from uuid import uuid4

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import FloorRow, GpuRow, OfferRow, ProviderRow, ReferenceRow, ReferenceSourceRow, StatsRow
from generator.model.page import Site
from generator.output.write import Output
from generator.site import built_pages
from generator.site.build import Made, make
from generator.site.render import Renderer

T = TypeVar("T")

_AS_OF = datetime(2026, 1, 31, 12, tzinfo=UTC)
_SOURCE = ReferenceSourceRow("made-up", "Made-up readings", "https://example.org/", "CC0", "Made up for a measurement.")
_DAYS = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """The seconds that builds took; `writing` is just writing the same bytes."""

    pages: int
    bytes: int
    full: float
    writing: float
    unchanged: float
    one_changed: float
    pages_made_again: int

    @property
    def pages_per_second(self) -> float:
        """Pages per second of a full build."""
        return self.pages / self.full


def measure(gpus: int, providers: int, seed: int = 1) -> Measured:
    """Build a made-up site in full, again without a change, and again with one changed price."""
    catalogue = made_up(gpus, providers, seed)
    site = _site()
    version = built_pages.code_version(site)
    with tempfile.TemporaryDirectory(prefix="cloudgpus-bench-") as name:
        folder = Path(name) / "site"
        full, made = _timed(lambda: _build(folder, catalogue, site, {}, version))
        files = {path: (folder / path).read_bytes() for path in _files(folder)}
        writing, _ = _timed(lambda: _write(Path(name) / "bare", files))
        unchanged, _ = _timed(lambda: _build(folder, _reread(catalogue), site, made.records, version))
        moved = _with_one_change(catalogue)
        one_changed, again = _timed(lambda: _build(folder, moved, site, made.records, version))
    size = sum(map(len, files.values()))
    return Measured(len(made.records), size, full, writing, unchanged, one_changed, len(again.changed))


def made_up(gpus: int, providers: int, seed: int) -> Catalogue:
    """A catalogue in which every third provider sells a GPU; the same for the same arguments."""
    chance = random.Random(seed)  # noqa: S311 (made-up prices, not secrets)
    gpu_rows = {row.slug: row for row in (_gpu(number) for number in range(gpus))}
    provider_rows = {row.slug: row for row in (_provider(number) for number in range(providers))}
    offers = [
        _offer(gpu, provider, Decimal(chance.randint(20, 900)) / 100)
        for number, gpu in enumerate(gpu_rows)
        for place, provider in enumerate(provider_rows)
        if (number + place) % 3 == 0
    ]
    return _catalogue(gpu_rows, provider_rows, offers)


def _catalogue(gpus: Mapping[str, GpuRow], providers: Mapping[str, ProviderRow], offers: list[OfferRow]) -> Catalogue:
    floors = [
        FloorRow(one.gpu_slug, one.provider_slug, "on_demand", one.price_per_gpu_hour or Decimal(0)) for one in offers
    ]
    return Catalogue(
        as_of=_AS_OF,
        gpus=gpus,
        providers=providers,
        terms_by_provider={},
        offers_by_gpu={slug: [one for one in offers if one.gpu_slug == slug] for slug in gpus},
        offers_by_provider={slug: [one for one in offers if one.provider_slug == slug] for slug in providers},
        stats={(slug, "on_demand", ""): _stats(slug, [one for one in floors if one.gpu_slug == slug]) for slug in gpus},
        floors_by_gpu={slug: [one for one in floors if one.gpu_slug == slug] for slug in gpus},
        floors_by_provider={slug: [one for one in floors if one.provider_slug == slug] for slug in providers},
        trends={},
        reference_trends={slug: list(_readings(slug)) for slug in gpus},
        reference_sources={_SOURCE.slug: _SOURCE},
        readings_left_out=[],
        moves=[],
        availability_by_gpu={},
        availability_by_provider={},
        held_back=[],
        disagreements=[],
        sold_without_price=[],
        guides={},
        methodology="Made up for a measurement.",
    )


def _with_one_change(catalogue: Catalogue) -> Catalogue:
    """The same catalogue with the most expensive offer of one GPU a cent more expensive."""
    offers = [one for group in catalogue.offers_by_gpu.values() for one in group]
    most_expensive = max(
        (one for one in offers if one.gpu_slug == offers[0].gpu_slug), key=lambda one: one.price_per_gpu_hour or 0
    )
    price = (most_expensive.price_per_gpu_hour or Decimal(0)) + Decimal("0.01")
    moved = replace(most_expensive, price_per_hour=price, price_per_gpu_hour=price)
    changed = [moved if one is most_expensive else one for one in offers]
    return _catalogue(catalogue.gpus, catalogue.providers, changed)


def _reread(catalogue: Catalogue) -> Catalogue:
    """The same catalogue with nothing computed from it yet."""
    return replace(catalogue, memo={}, versions={})


def _build(
    folder: Path, catalogue: Catalogue, site: Site, known: Mapping[str, built_pages.PageRecord], version: str
) -> Made:
    with Output(folder) as output:
        made = make(catalogue, Renderer(site), output, known, known, version, None)
        output.commit(str(uuid4()))
    return made


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = perf_counter()
    result = work()
    return perf_counter() - start, result


def _files(folder: Path) -> Iterator[str]:
    return (str(file.relative_to(folder)) for file in folder.rglob("*.html"))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _site() -> Site:
    return Site("Bench", "https://bench.example", "Bench", _AS_OF, False, "https://example.org/")


def _readings(slug: str) -> Iterator[ReferenceRow]:
    for back in range(_DAYS):
        day: date = _AS_OF.date() - timedelta(days=_DAYS - 1 - back)
        step = Decimal(back // 7) / 20
        floors = [2 + step, 3 + step, 4 + step]
        yield ReferenceRow(slug, _SOURCE.slug, day, ["one", "two", "three"], floors)


def _stats(slug: str, floors: list[FloorRow]) -> StatsRow:
    prices = sorted((row.floor, row.provider_slug) for row in floors)
    at = [prices[len(prices) * share // 4][0] for share in range(4)]
    return StatsRow(
        slug, "on_demand", "", len(prices), len(prices), at[0], at[1], at[2], at[3], prices[-1][0], prices[0][1]
    )


def _gpu(number: int) -> GpuRow:
    return GpuRow(
        id=f"00000000-0000-0000-0000-{number:012d}",
        slug=f"gpu-{number}",
        name=f"Vendor GPU {number}",
        short_name=f"GPU {number}",
        manufacturer="NVIDIA",
        architecture="hopper",
        kind="variant",
        chip=None,
        vram_gb=16 * (1 + number % 12),
        memory_type="HBM3",
        memory_bandwidth_gbps=1000 + 100 * (number % 30),
        tdp_watts=350,
        fp64_tflops=None,
        fp32_tflops=Decimal(60),
        fp16_tflops=Decimal(900),
        fp8_tflops=Decimal(1800),
        int8_tops=None,
        fp16_sparse_tflops=None,
        fp8_sparse_tflops=None,
        form_factor="SXM",
        interconnect="NVLink",
        is_datacenter=True,
        is_consumer=False,
        generation_year=2024,
        description="A GPU that nobody makes.",
        use_cases=["Measurement"],
        spec_source=None,
        notes=None,
    )


def _provider(number: int) -> ProviderRow:
    return ProviderRow(
        id=f"11111111-0000-0000-0000-{number:012d}",
        slug=f"provider-{number}",
        name=f"Provider {number}",
        display_name=f"Provider {number}",
        provider_type="specialized_neocloud",
        headquarters_country="USA",
        founded_year=2020,
        website_url="https://example.org/",
        pricing_url="https://example.org/prices",
        docs_url=None,
        affiliate_url=None,
        has_public_api=True,
        supports_spot_instances=False,
        supports_reserved_instances=False,
        supports_bare_metal=False,
        min_billing_increment_seconds=60,
        description="A provider that nobody runs.",
        pros=["Made up"],
        cons=["Made up"],
        best_for=["Measurement"],
        source_class="provider_api",
        last_confirmed_at=_AS_OF,
        is_recorded=False,
        evidence_url="https://example.org/prices",
        origin="",
        origin_url="",
    )


def _offer(gpu: str, provider: str, price: Decimal) -> OfferRow:
    return OfferRow(
        id=f"{provider}-{gpu}",
        provider_slug=provider,
        gpu_slug=gpu,
        instance_type=f"{gpu}.1x",
        region="us-east-1",
        available_regions=[],
        gpu_count=1,
        gpu_share=Decimal(1),
        size_stated=True,
        price_basis="complete",
        currency="USD",
        price_per_hour=price,
        price_per_hour_spot=None,
        price_per_month=None,
        price_per_hour_reserved_1y=None,
        price_per_hour_reserved_3y=None,
        price_per_gpu_hour=price,
        price_per_gpu_hour_spot=None,
        price_per_gpu_hour_monthly=None,
        price_per_gpu_hour_reserved_1y=None,
        price_per_gpu_hour_reserved_3y=None,
        original_price_per_hour=None,
        original_price_per_hour_spot=None,
        availability_status="available",
        availability_stated=True,
        has_infiniband=False,
        source_url="https://example.org/prices",
        origin_url=None,
        last_confirmed_at=_AS_OF,
        freshness="fresh",
        is_recorded=False,
        is_ranked=True,
        outvoted_as=[],
    )
