"""The facts in `sql/seed/`, read and checked: GPUs with their names, providers, benchmarks, others' price readings.

A file that can't be right is refused whole, with one line that names file, row and field.
"""

import csv
import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from generator.errors import BuildError
from generator.settings import ROOT
from scrapers.names import Alias, GpuNames, key
from scrapers.offer import SourceClass

SEED = ROOT / "sql" / "seed"
READING_COLUMNS = (
    "source",
    "provider",
    "gpu_slug",
    "pricing_type",
    "price_per_gpu_hour",
    "observed_at",
    "region",
    "gpu_count",
)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
Text = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=255)]
Figure = Annotated[Decimal, Field(gt=0, lt=1_000_000)]
Words = Annotated[list[Text], BeforeValidator(lambda value: value.split(";") if isinstance(value, str) else value)]
Benchmark_ = Literal[
    "llm_training",
    "llm_inference",
    "image_generation",
    "video_generation",
    "fine_tuning",
    "embedding",
    "scientific_computing",
]
ProviderType = Literal[
    "specialized_neocloud", "hyperscaler", "regional_cloud", "marketplace", "depin", "bare_metal"
]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GpuModel(_Row):
    """A GPU variant, or a chip for the offers that name no form factor.

    FP16, FP8 and INT8 are dense tensor peaks that accumulate in FP32 (INT32); what the vendor states with
    sparsity or with FP16 accumulation stands beside them.  Memory in GB, bandwidth in GB/s, power in watts.
    """

    slug: Slug
    kind: Literal["variant", "chip"]
    chip: Slug | None = None
    name: Annotated[Text, Field(max_length=100)]
    short_name: Annotated[Text, Field(max_length=50)]
    manufacturer: Literal["NVIDIA", "AMD", "Intel"]
    architecture: Text
    vram_gb: Annotated[int, Field(gt=0, le=4096)] | None = None
    memory_type: Text | None = None
    memory_bandwidth_gbps: Annotated[int, Field(gt=0)] | None = None
    tdp_watts: Annotated[int, Field(gt=0, le=10_000)] | None = None
    fp64_tflops: Figure | None = None
    fp32_tflops: Figure | None = None
    fp16_tflops: Figure | None = None
    fp16_sparse_tflops: Figure | None = None
    fp16_acc16_tflops: Figure | None = None
    fp8_tflops: Figure | None = None
    fp8_sparse_tflops: Figure | None = None
    int8_tops: Figure | None = None
    form_factor: Text | None = None
    interconnect: Text | None = None
    is_datacenter: bool
    is_consumer: bool
    generation_year: Annotated[int, Field(ge=2006, le=2040)] | None = None
    description: Text
    use_cases: Words
    spec_source: Text
    notes: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind == "variant" and not (self.vram_gb and self.memory_type):
            raise ValueError("a variant needs vram_gb and memory_type")
        if self.kind == "chip" and self.chip != self.slug:
            raise ValueError("a chip has its own slug as chip")
        return self


class GpuAlias(_Row):
    """A spelling, as a provider writes it, of a GPU; with `memory_gb`, where an offer states that memory."""

    alias: Text
    memory_gb: Annotated[Decimal, Field(gt=0, lt=10_000)] | None = None
    slug: Slug


class ProviderFacts(_Row):
    """What is known of a provider; None where it is not known.  `source` says where it was read."""

    slug: Slug
    name: Annotated[Text, Field(max_length=100)]
    display_name: Annotated[Text, Field(max_length=100)]
    provider_type: ProviderType
    reliability_tier: Literal["enterprise", "standard", "community"]
    source_class: SourceClass
    headquarters_country: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    founded_year: Annotated[int, Field(ge=1900, le=2040)] | None = None
    website_url: Url
    pricing_url: Url
    docs_url: Url | None = None
    status_page_url: Url | None = None
    api_base_url: Url | None = None
    api_auth_type: Annotated[Text, Field(max_length=50)] | None = None
    has_public_api: bool
    sla_uptime_percent: Annotated[Decimal, Field(ge=0, le=100)] | None = None
    supports_spot_instances: bool | None = None
    supports_reserved_instances: bool | None = None
    supports_bare_metal: bool | None = None
    min_billing_increment_seconds: Annotated[int, Field(gt=0)] | None = None
    description: Text
    pros: list[Text]
    cons: list[Text]
    best_for: list[Text]
    source: Text


class Benchmark(_Row):
    """A benchmark result of one GPU; `notes` says where it is from if there is no `source_url`."""

    gpu_slug: Slug
    workload_type: Benchmark_
    benchmark_name: Annotated[Text, Field(max_length=100)]
    score: Figure
    score_unit: Text
    batch_size: Annotated[int, Field(gt=0)] | None = None
    precision: Annotated[Text, Field(max_length=10)] | None = None
    model_name: Text | None = None
    framework: Text | None = None
    source_url: Url | None = None
    notes: Text

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What no two benchmarks share."""
        return self.gpu_slug, self.workload_type, self.benchmark_name, self.precision


class ReferenceSource(_Row):
    """Who published price readings; a reading holds for `cadence` at most (ISO 8601 or "45 days")."""

    id: Annotated[int, Field(gt=0, lt=32_768)]
    slug: Slug
    name: Text
    url: Url
    licence: Text
    attribution: Text
    cadence: Annotated[timedelta, BeforeValidator(lambda value: _interval(value))]


class Seeds:
    """The files of a folder, each read and checked when it is first asked for."""

    def __init__(self, folder: Path = SEED) -> None:
        self.folder = folder

    @cached_property
    def gpus(self) -> list[GpuModel]:
        """GPU variants and chips; every variant's chip is among them."""
        gpus = _csv(self.folder / "gpus.csv", GpuModel)
        for field in ("slug", "name", "short_name"):
            _unique("gpus.csv", field, [getattr(gpu, field) for gpu in gpus])
        chips = {gpu.slug for gpu in gpus if gpu.kind == "chip"}
        for gpu in gpus:
            if gpu.chip is not None and gpu.chip not in chips:
                raise _refused("gpus.csv", f'"{gpu.slug}"', "chip", gpu.chip, "the slug of a chip in this file")
        return gpus

    @cached_property
    def aliases(self) -> dict[tuple[str, Decimal | None], str]:
        """GPU slug by normalised name and stated memory; the file's own rows win over names in `gpus`."""
        known = {gpu.slug for gpu in self.gpus}
        stated: dict[tuple[str, Decimal | None], str] = {}
        for row in _csv(self.folder / "gpu_aliases.csv", GpuAlias):
            meaning = key(row.alias), row.memory_gb
            if row.slug not in known:
                raise _refused("gpu_aliases.csv", f'"{row.alias}"', "slug", row.slug, "a slug of gpus.csv")
            if stated.setdefault(meaning, row.slug) != row.slug:
                raise _refused("gpu_aliases.csv", f'"{row.alias}"', "slug", row.slug, f'one meaning, not also "{stated[meaning]}"')
        return self._own_names(stated) | stated

    def _own_names(self, stated: Mapping[tuple[str, Decimal | None], str]) -> dict[tuple[str, Decimal | None], str]:
        names: dict[tuple[str, Decimal | None], str] = {}
        for gpu in self.gpus:
            for name in (gpu.slug, gpu.short_name, gpu.name):
                size = f"{gpu.vram_gb}gb"
                meaning = key(name), Decimal(gpu.vram_gb) if gpu.vram_gb and size in name.casefold() else None
                if meaning not in stated and names.setdefault(meaning, gpu.slug) != gpu.slug:
                    wanted = f'a name of its own ("{names[meaning]}" reads the same), or a row in gpu_aliases.csv'
                    raise _refused("gpus.csv", f'"{gpu.slug}"', "name", name, wanted)
        return names

    @cached_property
    def gpu_names(self) -> GpuNames:
        """What GPU names mean by these files."""
        gpus = {gpu.slug: gpu for gpu in self.gpus}
        return GpuNames(_alias(name, memory, gpus[slug]) for (name, memory), slug in self.aliases.items())

    @cached_property
    def providers(self) -> list[ProviderFacts]:
        """Providers, by slug in the order of the file."""
        providers = _yaml(self.folder / "providers.yaml", ProviderFacts)
        for field in ("slug", "name", "display_name"):
            _unique("providers.yaml", field, [getattr(provider, field) for provider in providers])
        return providers

    @cached_property
    def benchmarks(self) -> list[Benchmark]:
        """Benchmark results; their GPUs are among `gpus`."""
        benchmarks = _csv(self.folder / "benchmarks.csv", Benchmark)
        known = {gpu.slug for gpu in self.gpus}
        for row in benchmarks:
            if row.gpu_slug not in known:
                raise _refused("benchmarks.csv", f'"{row.benchmark_name}"', "gpu_slug", row.gpu_slug, "a slug of gpus.csv")
        _unique("benchmarks.csv", "benchmark", [row.identity for row in benchmarks])
        return benchmarks

    @cached_property
    def reference_sources(self) -> list[ReferenceSource]:
        """Who published the readings."""
        sources = _yaml(self.folder / "reference_sources.yaml", ReferenceSource)
        for field in ("id", "slug"):
            _unique("reference_sources.yaml", field, [getattr(source, field) for source in sources])
        return sources

    @property
    def _readings(self) -> Path:
        return self.folder / "reference_history.csv.gz"

    @cached_property
    def readings_sha256(self) -> str:
        """Changes when the readings, or the sources they belong to, do."""
        sources = ",".join(f"{source.id}={source.slug}" for source in self.reference_sources)
        return hashlib.sha256(self._readings.read_bytes() + sources.encode()).hexdigest()

    def readings(self) -> Iterator[tuple[str, ...]]:
        """Price readings in the order of READING_COLUMNS, US dollars per GPU-hour, as text."""
        ids = {source.slug: str(source.id) for source in self.reference_sources}
        gpus = {gpu.slug for gpu in self.gpus}
        with gzip.open(self._readings, "rt", encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines)
            if tuple(next(rows, ())) != READING_COLUMNS:
                raise BuildError(f"sql/seed/{self._readings.name}: expected the columns {', '.join(READING_COLUMNS)}")
            for number, (source, provider, gpu, *rest) in enumerate(rows, 2):
                if source not in ids or gpu not in gpus:
                    field, value = ("source", source) if source not in ids else ("gpu_slug", gpu)
                    raise _refused(self._readings.name, f"line {number}", field, value, "one of the other seeds")
                yield (ids[source], provider, gpu, *rest)


def _alias(name: str, memory_gb: Decimal | None, gpu: GpuModel) -> Alias:
    vram = Decimal(gpu.vram_gb) if gpu.vram_gb else None
    return Alias(name, memory_gb, gpu.slug, gpu.kind, gpu.chip, vram, gpu.form_factor, gpu.memory_type, gpu.architecture)


Row = TypeVar("Row", bound=_Row)


def _csv(path: Path, model: type[Row]) -> list[Row]:
    """The rows of a CSV file; an empty field is one that is not known."""
    reader = csv.DictReader(io.StringIO(_text(path)), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise BuildError(f"sql/seed/{path.name} line {reader.line_num}: {error}; expected comma-separated values") from None
    return [_checked(path, model, {k: v for k, v in row.items() if v != ""}, f"line {n}") for n, row in enumerate(rows, 2)]


def _yaml(path: Path, model: type[Row]) -> list[Row]:
    try:
        entries = yaml.load(_text(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (safe ones)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise BuildError(f"sql/seed/{path.name}{where}: {getattr(error, 'problem', error)}; expected YAML") from None
    if not isinstance(entries, list):
        raise BuildError(f"sql/seed/{path.name}: expected a list of entries, each with a slug")
    return [_checked(path, model, entry, f"entry {number}") for number, entry in enumerate(entries, 1)]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"sql/seed/{path.name}: {error}") from None


def _checked(path: Path, model: type[Row], row: Any, where: str) -> Row:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        name = next((str(row[k]) for k in ("slug", "alias", "benchmark_name") if isinstance(row, dict) and k in row), "")
        field = ".".join(map(str, first["loc"])) or "row"
        found = "" if field == "row" or first["type"] == "missing" else f" {first['input']!r}"
        raise BuildError(f"sql/seed/{path.name} {where}{f' ({name})' if name else ''}: {field}{found}: {first['msg']}") from None


def _unique(file: str, field: str, values: list[Any]) -> None:
    twice = next((value for value, count in Counter(values).items() if count > 1), None)
    if twice is not None:
        raise BuildError(f"sql/seed/{file}: {field} {twice!r} is there twice; it must be unique")


def _refused(file: str, row: str, field: str, found: str, wanted: str) -> BuildError:
    return BuildError(f'sql/seed/{file} {row}: {field} "{found}": expected {wanted}')


def _interval(value: object) -> object:
    """ "36 hours" and "45 days" as what they say; anything else is left to be refused."""
    match str(value).split():
        case [number, "hours" | "days" as unit] if number.isdigit():
            return timedelta(**{unit: int(number)})
    return value
