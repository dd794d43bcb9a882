"""What the site's JSON holds: one record for each kind of file; their JSON Schemas are made of these."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from generator.model.offer import LICENCE, Day, Offer, Price

Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """`schema` is the address of this description, from here, `path` that of the page, on the site.

    `methodology` is the path of the version by which its figures are made, whose text never changes.  `as_of` is the
    newest day on which anything in the file was read or happened; null where there is none.
    """

    schema: str
    licence: str = LICENCE
    methodology: str = "/methodology/"
    path: str
    as_of: Day | None


@dataclass(frozen=True, slots=True)
class Market:
    """Figures of one pricing type over all providers, one vote for each, of ranked offers only; per GPU and hour."""

    pricing_type: str
    floor: Price
    p25: Price
    median: Price
    p75: Price
    ceiling: Price
    providers_n: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuSummary:
    """A GPU in figures: on demand but for `spot_floor`, per GPU and hour, of ranked offers; slugs for GPU and provider.

    Memory and speeds are the board's, of its maker's document; null where that does not state them.

    `offers_n` counts all that are listed, ranked or not.
    """

    slug: str
    name: str
    vram_gb: Count | None
    memory_type: str | None
    memory_bandwidth_gbps: Count | None
    form_factor: str | None
    fp16_tflops: float | None
    fp8_tflops: float | None
    floor: Price
    floor_provider: str | None
    median: Price
    spot_floor: Price
    providers_n: Count
    offers_n: Count


@dataclass(frozen=True, slots=True)
class ProviderFloor:
    """A provider's lowest ranked price on demand, per GPU and hour, unrounded: what a rental's cost is computed from.

    `gpu_counts` are the sizes of its machines with that price, 0 where no size is stated.
    """

    provider: str
    on_demand: Price
    gpu_counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuPrices(File):
    """A GPU: its market, all its offers, and those that name its chip but not the form factor, and count for none."""

    gpu: GpuSummary
    market: tuple[Market, ...]
    floors: tuple[ProviderFloor, ...]
    offers: tuple[Offer, ...]
    form_factor_not_stated: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpus(File):
    """The GPUs of the page of all GPUs; each has /api/v1/gpu/<slug>.json."""

    gpus: tuple[GpuSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSummary:
    """A provider in figures: `floor` is its lowest ranked price on demand, per GPU and hour.

    `headquarters` is a country, null where no page says so.
    """

    slug: str
    name: str
    provider_type: str
    headquarters: str | None
    floor: Price
    gpus_n: Count
    offers_n: Count
    confirmed_on: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPrices(File):
    """A provider with all its offers."""

    provider: ProviderSummary
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Providers(File):
    """The providers of the page of all providers; each has /api/v1/provider/<slug>.json."""

    providers: tuple[ProviderSummary, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """What a provider states beside its prices: `value` with its `unit`, in `currency` if it is money, or a `word`.

    `text` is that as pages have it, `usd` an amount in US dollars at the newest exchange rate.  `qualifier` is null for
    the usual case.  `source` is the page that says so and `checked_on` the day on which it did; both are null where the
    source is not recorded.  Where `counts` is false, nothing was stated there, or nobody has confirmed it for too long:
    no cost includes it.
    """

    field: str
    qualifier: str | None
    value: str | None
    unit: str | None
    currency: str | None
    usd: Price
    word: str | None
    text: str
    note: str | None
    source: str | None
    checked_on: Day | None
    counts: bool


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """A provider's terms; one that has no entry is not known, and never zero."""

    provider: str
    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(File):
    """What providers charge beside the hourly price."""

    providers: tuple[ProviderTerms, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons(File):
    """The pairs, in the order of their slugs, that have a page of their own: /compare/<a>-vs-<b>/."""

    gpus: tuple[tuple[str, str], ...]
    providers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """How a provider's source was read last; `error` is null where that went well, or nobody has tried.

    `offers_n` are those of known GPUs in the last answer, null where it could not be read; `good_on` is the day of the
    last that could.
    """

    provider: str
    tried_on: Day | None
    error: str | None
    offers_n: Count | None
    is_recorded: bool
    good_on: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(File):
    """The status of each source."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A price change that we observed: `old` and `new` are per GPU and hour in the currency charged, as shown.

    `change` is a ratio (-0.05: down 5 %), `regions` those that changed alike, `old_evidence` and `new_evidence` where
    the prices were read.  `retracted_on`: the day on which a correction showed that there was no such change.
    """

    id: str
    gpu: str
    provider: str
    instance_type: str
    regions: str | None
    pricing_type: str
    gpu_count: Count
    old: str
    new: str
    change: float
    at: str
    old_evidence: str | None
    new_evidence: str | None
    retracted_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes(File):
    """The newest price changes."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """Where a provider's offers are, from here, and how many."""

    provider: str
    path: str
    offers_n: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers(File):
    """All current offers: those of each provider in a file of its own; as one table, see `path`."""

    offers_n: Count
    files: tuple[ProviderFile, ...]


@dataclass(frozen=True, slots=True)
class NamedGpu:
    """A spelling of a GPU's name, without case, punctuation and vendor; `memory_gb`: only with that memory."""

    name: str
    memory_gb: float | None
    gpu: str


@dataclass(frozen=True, slots=True)
class NamedMachine:
    """A provider's machine type that is offered now; `gpu_count` as in an offer."""

    provider: str
    instance_type: str
    gpu: str
    gpu_count: Annotated[int | float | None, Field(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers(File):
    """Which GPU a raw name, or a provider's machine type, means; a name that is not here is unknown."""

    gpu_names: tuple[NamedGpu, ...]
    instance_types: tuple[NamedMachine, ...]
