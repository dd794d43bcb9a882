"""The made-up market of which the drafts of the corpus speak: see drafts/README.md."""

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from generator.desk.checks.subject import Surroundings
from generator.desk.drafts import Draft, Others
from generator.model.blocks import GpuLine, Link, ProviderLine
from tests.generator.prose.test_bindings import NIM, NIMBUS, SXM

DRAFTS = Path(__file__).parent / "drafts"
NAMES = {slug: slug.title() for slug in ("oak", "elm", "fir", "ash", "yew")}


def _gpu(slug, name, floor, median, at, sellers, spot=None, **specs) -> GpuLine:
    prices: dict[str, Any] = {
        name: None if value is None else Decimal(value) for name, value in specs.pop("more", {}).items()
    }
    return dataclasses.replace(
        SXM,
        slug=slug,
        short_name=name,
        path=f"/gpu/{slug}/",
        floor=None if floor is None else Decimal(floor),
        median=None if median is None else Decimal(median),
        floor_provider=Link(NAMES[at], f"/provider/{at}/") if at else None,
        providers_n=sellers,
        spot_floor=None if spot is None else Decimal(spot),
        spot_ratio=None if spot is None else Decimal(spot) / Decimal(floor),
        **prices,
        **specs,
    )


GPUS = {
    line.slug: line
    for line in (
        _gpu("h100-sxm", "H100 SXM", "2.00", "3.00", "oak", 6, "1.20", vram_gb=80, memory_bandwidth_gbps=3350),
        _gpu("h100-pcie", "H100 PCIe", "2.40", "2.60", "elm", 4, vram_gb=80, memory_bandwidth_gbps=2000),
        _gpu("h200-sxm", "H200 SXM", "3.10", "3.90", "ash", 5, vram_gb=141, memory_bandwidth_gbps=4800),
        _gpu("a100-80gb", "A100 80GB", "1.10", "1.50", "fir", 6, "0.60", vram_gb=80, memory_bandwidth_gbps=2039),
        _gpu("rtx-4090", "RTX 4090", "0.34", "0.45", "yew", 5, vram_gb=24, memory_bandwidth_gbps=1008),
        _gpu("l40s", "L40S", "0.80", "1.05", "oak", 5, vram_gb=48, memory_bandwidth_gbps=864),
        _gpu("b200-sxm", "B200 SXM", None, None, "", 0, vram_gb=192, memory_bandwidth_gbps=8000),
    )
}
CHANGES = {"h100-sxm": Decimal("-0.05"), "h200-sxm": Decimal(0), "rtx-4090": Decimal("0.06")}
TERMS = {("oak", "egress"): "free", ("oak", "billing_step"): "60 seconds", ("oak", "sla"): "99.9%"}


class Market:
    """What the drafts' bindings and claims look up."""

    as_of = datetime(2026, 8, 2, 12, tzinfo=UTC)

    def gpu(self, slug: str) -> GpuLine | None:
        return GPUS.get(slug)

    def provider(self, slug: str) -> ProviderLine | None:
        name = NAMES.get(slug)
        return dataclasses.replace(NIMBUS, slug=slug, name=name, path=f"/provider/{slug}/") if name else None

    def price_ratio(self, one, other):
        a, b = GPUS[one].floor, GPUS[other].floor
        return a / b if a and b else None

    def term(self, provider, field):
        return TERMS.get((provider, field))

    def count(self, name):
        return {"providers": 5, "offers": 31, "gpus": 6}[name]

    def change(self, gpu, days):
        return CHANGES.get(gpu) if days == 30 else None

    def sellers(self, gpu):
        return tuple(NAMES)[: GPUS[gpu].providers_n]

    def source(self, name):
        return NIM if name == "nim" else None

    def in_stock(self, gpu):
        return 2

    def floor_on(self, gpu, day):
        return GPUS[gpu].floor


_ALONE = ("gpu", "guides", "methodology", "providers", "compare", "regions", "changes", "data", "status", "corrections")
PAGES = {
    "/",
    *(f"/{name}/" for name in _ALONE),
    *(f"/gpu/{slug}/" for slug in GPUS),
    *(f"/{kind}/{slug}/" for slug in NAMES for kind in ("provider", "providers")),
}


def drafts(name: str) -> list[dict[str, Any]]:
    """The drafts of a file of the corpus."""
    return yaml.safe_load((DRAFTS / f"{name}.yaml").read_text())


def draft_of(one: dict[str, Any]) -> Draft:
    """A draft of the corpus."""
    return Draft(
        slug=one.get("page", "gpu/h100-sxm"),
        page_type="gpu_detail",
        title=one.get("title", ""),
        description=one.get("description", ""),
        markdown=one["text"].rstrip("\n"),
        structured_data=one.get("structured_data", {}),
    )


def around(one: dict[str, Any]) -> Surroundings:
    """What is around a draft of the corpus."""
    names = {line.short_name.lower(): slug for slug, line in GPUS.items()}
    names |= {slug: slug for slug in GPUS} | {"a100": "a100-80gb", "h200": "h200-sxm", "b200": "b200-sxm"}
    others, waiting = (
        {other.slug: other for other in (draft_of({"text": "", **stated}) for stated in one.get(name, ()))}
        for name in ("others", "waiting")
    )
    return Surroundings(
        lookup=Market(),
        gpus=names,
        variants={"h100": ("h100-sxm", "h100-pcie")},
        providers={name.lower(): slug for slug, name in NAMES.items()},
        has=lambda path, _: path in PAGES,
        others=Others(others, waiting),
    )
