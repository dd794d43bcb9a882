"""The rows of each seed: their fields, and what must be true of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from scrapers.offer import SourceClass

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
Text = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=255)]
Figure = Annotated[Decimal, Field(gt=0, lt=1_000_000)]
Words = Annotated[list[Text], BeforeValidator(lambda value: value.split(";") if isinstance(value, str) else value)]
Workload = Literal[
    "llm_training",
    "llm_inference",
    "image_generation",
    "video_generation",
    "fine_tuning",
    "embedding",
    "scientific_computing",
]
Architecture = Literal[
    "fermi",
    "kepler",
    "maxwell",
    "pascal",
    "volta",
    "turing",
    "ampere",
    "ada_lovelace",
    "hopper",
    "blackwell",
    "consumer_blackwell",
    "rubin",
    "gcn",
    "vega",
    "cdna",
    "cdna2",
    "cdna3",
    "cdna4",
    "rdna",
    "rdna2",
    "rdna3",
    "rdna4",
    "gaudi",
    "gaudi2",
    "gaudi3",
]
TermField = Literal[
    "billing_step",
    "minimum_rental",
    "compute_stopped",
    "storage_running",
    "storage_stopped",
    "egress",
    "egress_included",
    "ingress",
    "public_ip",
    "spot_notice",
    "sla_uptime",
]
TERM_UNITS: Mapping[TermField, tuple[str, ...]] = {
    "billing_step": ("seconds",),
    "minimum_rental": ("seconds",),
    "compute_stopped": (),
    "storage_running": ("per GB-month", "per GB-hour"),
    "storage_stopped": ("per GB-month", "per GB-hour"),
    "egress": ("per GB",),
    "egress_included": ("GB per month",),
    "ingress": ("per GB",),
    "public_ip": ("per hour", "per month"),
    "spot_notice": ("seconds",),
    "sla_uptime": ("percent",),
}
NOT_STATED = "not stated"
"""The word for a term that its source does not state: valid in any field, and never part of a cost."""
TERM_WORDS: Mapping[TermField, tuple[str, ...]] = {
    "minimum_rental": ("none",),
    "compute_stopped": ("billed", "not billed"),
    "storage_running": ("by host",),
    "storage_stopped": ("as running", "billed", "not billed", "by host"),
    "egress": ("by host",),
    "egress_included": ("by plan",),
    "ingress": ("by host",),
    "spot_notice": ("none",),
    "sla_uptime": ("none",),
}
ProviderType = Literal["specialized_neocloud", "hyperscaler", "regional_cloud", "marketplace", "depin", "bare_metal"]


def _interval(value: object) -> object:
    """The timedelta of "36 hours" or "45 days"; anything else as it is, for pydantic to parse or refuse."""
    match str(value).split():
        case [number, "hours" | "days" as unit] if number.isdigit():
            return timedelta(**{unit: int(number)})
    return value


class Row(BaseModel):
    """A row of a seed; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GpuModel(Row):
    """A GPU variant, or a chip for the offers that name no form factor.

    FP16, FP8 and INT8 are dense tensor peaks that accumulate in FP32 (INT32); the vendor's figures with sparsity or
    FP16 accumulation have fields of their own.  Memory in GB, bandwidth in GB/s, power in watts.
    """

    slug: Slug
    kind: Literal["variant", "chip"]
    chip: Slug | None = None
    name: Annotated[Text, Field(max_length=100)]
    short_name: Annotated[Text, Field(max_length=50)]
    manufacturer: Literal["NVIDIA", "AMD", "Intel"]
    architecture: Architecture
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


class GpuAlias(Row):
    """A spelling of a GPU's name, as a provider writes it; with `memory_gb` only for offers that state that memory."""

    alias: Text
    memory_gb: Annotated[Decimal, Field(gt=0, lt=10_000)] | None = None
    slug: Slug


class GpuMachine(Row):
    """The GPUs of a cloud's machine type, whose name doesn't tell them: which, and how many or ("1/8") what share."""

    machine_type: Text
    gpu_slug: Slug
    gpus: Annotated[str, StringConstraints(pattern=r"^([1-9]\d{0,2}|1/[2-9]|1/1\d)$")]
    source: Url


class ProviderFacts(Row):
    """The facts of a provider, None where unknown; `source` covers those without a source of their own."""

    slug: Slug
    name: Annotated[Text, Field(max_length=100)]
    display_name: Annotated[Text, Field(max_length=100)]
    provider_type: ProviderType
    type_source: Url
    reliability_tier: Literal["enterprise", "standard", "community"]
    source_class: SourceClass
    headquarters_country: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    country_source: Url | None = None
    founded_year: Annotated[int, Field(ge=1900, le=2040)] | None = None
    website_url: Url
    pricing_url: Url
    docs_url: Url | None = None
    status_page_url: Url | None = None
    api_base_url: Url | None = None
    api_auth_type: Annotated[Text, Field(max_length=50)] | None = None
    has_public_api: bool
    supports_spot_instances: bool | None = None
    supports_reserved_instances: bool | None = None
    supports_bare_metal: bool | None = None
    min_billing_increment_seconds: Annotated[int, Field(gt=0)] | None = None
    description: Text
    pros: list[Text]
    cons: list[Text]
    best_for: list[Text]
    source: Text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.headquarters_country is None) != (self.country_source is None):
            raise ValueError("headquarters_country and country_source go together")
        return self


class Benchmark(Row):
    """A benchmark result of one GPU; `notes` says where it is from if there is no `source_url`."""

    gpu_slug: Slug
    workload_type: Workload
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
        """The fields that identify a benchmark."""
        return self.gpu_slug, self.workload_type, self.benchmark_name, self.precision


class ReferenceSource(Row):
    """A publisher of readings, which hold for `cadence` at most (ISO 8601 or "45 days")."""

    id: Annotated[int, Field(gt=0, lt=32_768)]
    slug: Slug
    name: Text
    url: Url
    licence: Text
    attribution: Text
    cadence: Annotated[timedelta, BeforeValidator(_interval)]


class ReadingBasis(Row):
    """What a source's readings of a provider price, where that is not the whole machine."""

    source: Slug
    provider: Slug
    price_basis: Literal["gpu_only", "bundle"]
    why: Text
    seen_at: Url


class ReadingFault(Row):
    """Readings that can't be what their source says they are.

    `gpu` is the source's own name of a GPU, "" for all; `until` the last day with the fault, None for no end.
    """

    source: Slug
    provider: Slug
    gpu: str = ""
    until: date | None = None
    rule: Literal["wrong_gpu", "average"]
    why: Text

    def has(self, provider: str, gpu: str, day: date) -> bool:
        """Whether a reading of the source has the fault."""
        return self.provider == provider and self.gpu in ("", gpu) and (self.until is None or day <= self.until)


class PriceCut(Row):
    """An announced cut of a machine type's list price, in US dollars per machine-hour, in force from `since` on."""

    provider: Slug
    machine_type: Text
    gpu_slug: Slug
    gpu_count: Annotated[int, Field(gt=0)]
    pricing_type: Literal["on_demand"]
    since: date
    price_before: Figure
    price_after: Figure
    announced_at: Url
    prices_at: Url


class ReadingsLeftOut(Row):
    """How many readings of a source are not in the seed, by the rule that left them out."""

    source: Slug
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$")]
    readings_n: Annotated[int, Field(gt=0)]

    @property
    def identity(self) -> tuple[str, str]:
        """The fields that identify a count."""
        return self.source, self.rule


class SoldWithoutPrice(Row):
    """A machine that a provider sells without a price at hand.

    `url` is the provider's page about it, `source_url` the page that says it is sold, as of `checked_on`.
    """

    provider: Slug
    gpu_slug: Slug
    machine_type: Text
    url: Url
    source_url: Url
    checked_on: date

    @property
    def identity(self) -> tuple[str, str]:
        """The fields that identify a machine."""
        return self.provider, self.machine_type


class DisputedPrice(Row):
    """A price that an editor looked for at `source_url`, its source, on `checked_on` and did not find.

    Without a `region` in every region, without a `pricing_type` every price of the machine.
    """

    provider: Slug
    instance_type: Text
    region: str = ""
    pricing_type: Literal["", "on_demand", "spot", "monthly", "reserved_1y", "reserved_3y"] = ""
    checked_on: date
    source_url: Url
    note: Text

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that identify a price."""
        return self.provider, self.instance_type, self.region, self.pricing_type


class ProviderTerm(Row):
    """A term that a provider states beside its hourly price: a number with its unit, or a word.

    `NOT_STATED` means that somebody looked, and the source does not say; what nobody looked for has no row.

    `qualifier` is "" for the usual case, else the case that the term is for.  A unit that begins with "per" makes the
    value an amount of money, before tax, in `currency`; GB as the provider counts them.  `checked_on`: the last day on
    which the source is known to have said so.
    """

    provider: Slug
    field: TermField
    qualifier: str = ""
    value: Annotated[Decimal, Field(ge=0, lt=1_000_000_000)] | None = None
    word: Text | None = None
    unit: Text | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    note: str = ""
    source_url: Url
    checked_on: date

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that identify a term."""
        return self.provider, self.field, self.qualifier

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.value is None) == (self.word is None):
            raise ValueError("a term is either a value with its unit or a word")
        words = (*TERM_WORDS.get(self.field, ()), NOT_STATED)
        if self.word is not None and self.word not in words:
            raise ValueError(f'word "{self.word}" does not fit {self.field}; {_choice(words)}')
        if self.value is not None and self.unit not in TERM_UNITS[self.field]:
            raise ValueError(f'unit "{self.unit or ""}" does not fit {self.field}; {_choice(TERM_UNITS[self.field])}')
        if (self.currency is not None) != (self.value is not None and (self.unit or "").startswith("per ")):
            raise ValueError("an amount of money, and nothing else, has a currency")
        return self

    @model_validator(mode="after")
    def _is_past(self) -> Self:
        today = datetime.now(UTC).date()
        if self.checked_on > today:
            future = f"is in the future, since this machine's clock says {today}"
            raise ValueError(f"checked_on {self.checked_on} {future}; expected the day on which somebody read it")
        return self


def _choice(choices: tuple[str, ...]) -> str:
    return f"expected {' or '.join(choices)}" if choices else "it takes none"
