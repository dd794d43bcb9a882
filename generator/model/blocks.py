"""Blocks that many pages share.  Prices are US dollars before tax, per GPU-hour where not said otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from generator.formats import part_of, plural

T = TypeVar("T")
Subject = Literal["provider", "GPU"]


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The rows of a list that a page shows: all, or as many as a page has room for.

    `counted` says how many there are, and where that is not all, which these are; `rest` are the others.
    """

    lines: tuple[T, ...]
    counted: str
    rest: tuple[T, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


def first(lines: Sequence[T], most: int, noun: str, which: str) -> Part[T]:
    """At most so many of the lines, the first; `which` says what those are: "the cheapest"."""
    shown = tuple(lines[:most])
    return Part(shown, part_of(len(shown), len(lines), noun, which), tuple(lines[most:]))


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside the site."""

    text: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words: `svg` is ours and safe; `table` says the same as text, first row the headings."""

    title: str
    svg: str
    summary: str
    table: tuple[tuple[str, ...], ...] = ()
    credit: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A row of the offer table: an instance type at one provider, its regions folded.

    `count` is "8", "1/8" for a share, or "" where a price per GPU does not tell the machine's size.  `upstream` is the
    cloud on which a reseller's offer runs, "" where that is not told.  `region` is the cheapest one's code ("" where
    the price is the same everywhere), `more_regions` how many others there are, `highest` the dearest one's price if
    another.  The prices beside the one that the table is sorted by are those of the same region.
    `price_per_hour` (of the whole instance) and `price_per_gpu_hour` are on demand; None where that is not sold.
    `out_url` leads to the provider, `evidence_url` to where the figure was read: the provider's own answer, or for a
    recorded one the collection that has it.
    """

    provider: Link
    gpu: Link
    instance_type: str
    upstream: str
    count: str
    region: str
    more_regions: int
    price_per_hour: Decimal | None
    price_per_gpu_hour: Decimal | None
    price_per_gpu_hour_spot: Decimal | None
    price_per_gpu_hour_monthly: Decimal | None
    price_per_gpu_hour_reserved_1y: Decimal | None
    price_per_gpu_hour_reserved_3y: Decimal | None
    highest: Decimal | None
    original: str
    availability: str
    availability_stated: bool
    confirmed_at: datetime
    freshness: str
    is_recorded: bool
    flags: tuple[str, ...]
    out_url: str | None
    out_rel: str
    evidence_url: str | None


@dataclass(frozen=True, slots=True)
class OfferSection:
    """An offer table with its heading; `column` names the price it is sorted by: on_demand, spot or reserved.

    `lines` are those shown of `offers_n`, which are of `subjects_n` providers, on a provider's page of GPUs.
    """

    anchor: str
    title: str
    note: str
    column: str
    lines: tuple[OfferLine, ...]
    subject: Subject
    subjects_n: int
    offers_n: int

    @property
    def counted(self) -> str:
        """How many offers there are, and which are shown where that is not all."""
        all_subjects = f"each {self.subject}’s cheapest, then the cheapest of all"
        one_each = f"one each of {plural(len(self.lines), self.subject)}"
        which = all_subjects if self.subjects_n <= len(self.lines) else one_each
        return part_of(len(self.lines), self.offers_n, "offer", which)


@dataclass(frozen=True, slots=True)
class StatLine:
    """Market figures of one pricing type, one vote per provider."""

    pricing_type: str
    floor: Decimal
    p25: Decimal
    median: Decimal
    p75: Decimal
    ceiling: Decimal
    providers_n: int
    offers_n: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """On-demand figures of one part of the market, one vote per provider."""

    segment: str
    floor: Decimal
    floor_provider: Link
    median: Decimal
    providers_n: int


@dataclass(frozen=True, slots=True)
class GpuLine:
    """A GPU in a list.  `per_vram_gb` is dollars per GB and hour.

    `change_30d` is a ratio (-0.05: five per cent down), `change_source` whose readings say so ("" for our own).
    """

    slug: str
    name: str
    short_name: str
    path: str
    manufacturer: str
    architecture: str
    group: str
    form_factor: str
    vram_gb: int | None
    memory_type: str
    memory_bandwidth_gbps: int | None
    fp16_tflops: Decimal | None
    fp8_tflops: Decimal | None
    floor: Decimal | None
    floor_provider: Link | None
    median: Decimal | None
    spot_floor: Decimal | None
    providers_n: int
    offers_n: int
    per_vram_gb: Decimal | None
    change_30d: Decimal | None
    change_source: str


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider in a list.

    `position` is the median of its floors over the market's medians (0.9: ten per cent below).
    `confirmed_at` is a day; `fresh_gpus_n` of the `gpus_n` have a fresh offer.
    `billing_step`, `minimum_rental`, `storage` (per GB and month, running and, where another, stopped) and `egress`
    (per GB) are words, "" where they are not known.  `source` is what its prices were read from.
    """

    slug: str
    name: str
    path: str
    provider_type: str
    country: str
    gpus_n: int
    fresh_gpus_n: int
    offers_n: int
    regions_n: int
    floor: Decimal | None
    position: Decimal | None
    billing_step: str
    minimum_rental: str
    storage: str
    egress: str
    has_spot: bool
    has_reserved: bool
    has_infiniband: bool
    source: str
    confirmed_at: datetime | None
    freshness: str
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value; `source` is where it comes from."""

    label: str
    value: str
    url: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PairFact:
    """A labelled value of two things side by side; `ratio` is "1.6x", or "" where there is none.

    `a_url` and `b_url` are where the values are stated, where that is known.
    """

    label: str
    a: str
    b: str
    ratio: str = ""
    a_url: str | None = None
    b_url: str | None = None


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term of a provider in words, with where and when it was read; None where that is not recorded.

    Not `is_known`: we looked there, and `value` says what came of it.
    """

    label: str
    qualifier: str
    value: str
    note: str
    source_url: str | None
    checked_on: date | None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of what a month costs: how its amount comes about, or why there is none."""

    what: str
    sum: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """What a month comes to; no `total` where a line has no amount, and then `missing` names those lines."""

    title: str
    lines: tuple[CostLine, ...]
    total: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthlyCosts:
    """What a month of one GPU costs at a provider, in its cheapest offer, which has `gpu_count` of them."""

    gpu: Link
    instance_type: str
    gpu_count: int
    price_per_gpu_hour: Decimal
    costs: tuple[MonthlyCost, ...]


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """What one GPU of a provider costs for some lengths of time, with storage and traffic out."""

    provider: Link
    price_per_gpu_hour: Decimal
    totals: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class SharedPrice:
    """One GPU or provider with the prices of both sides; `cheaper` is "a", "b" or "" where they read the same."""

    subject: Link
    a: Decimal
    b: Decimal
    cheaper: str
    gap: Decimal


@dataclass(frozen=True, slots=True)
class NodeSize:
    """How many GPUs one rents together, who sells that, and from what price per GPU-hour."""

    count: int
    providers_n: int
    floor: Decimal
    floor_provider: Link


@dataclass(frozen=True, slots=True)
class Sold:
    """A machine without a price at hand: of which provider or GPU, and the provider's page about it."""

    of: Link
    machine_type: str
    url: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many offers one rule holds back; `words` follow "2 offers", `of` are the providers or GPUs concerned."""

    words: str
    offers_n: int
    of: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HeldBackRule:
    """A rule in words, with how many offers of how many providers it holds back."""

    meaning: str
    offers_n: int
    providers_n: int


@dataclass(frozen=True, slots=True)
class ReadOtherwise:
    """A price that others read otherwise: `what` both are prices of, whose reading theirs is, our editors' verdict."""

    subject: Link
    what: str
    instance_type: str
    price_per_gpu_hour: Decimal
    confirmed_at: datetime
    source: str
    source_url: str | None
    licence: str
    their_price_per_gpu_hour: Decimal
    read_at: datetime
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class AvailabilityLine:
    """Of the hours watched, the share (0 to 1) for which a provider had a GPU; `subject` is the one or the other."""

    subject: Link
    available_share: Decimal
    watched_hours: Decimal


@dataclass(frozen=True, slots=True)
class Availability:
    """What could be had in the last `days` before an instant; `shown` are the lines that a page has room for."""

    days: int
    until: datetime
    lines: tuple[AvailabilityLine, ...]
    shown: Part[AvailabilityLine]
