"""Blocks that many pages share.  Prices are US dollars before tax, per GPU-hour unless stated otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from generator.formats import part_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The lines of a list that a page shows: all, or as many as it has room for.

    `counted` says how many there are and, where not all are shown (`is_cut`), which these are; `rest` are the others,
    if the page names them.
    """

    lines: tuple[T, ...]
    counted: str
    is_cut: bool = False
    rest: tuple[T, ...] = ()

    def __iter__(self) -> Iterator[T]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


def first(lines: Sequence[T], most: int, noun: str, which: str) -> Part[T]:
    """The first `most` lines; `which` says what those are: "the cheapest"."""
    shown = tuple(lines[:most])
    return Part(shown, part_of(len(shown), len(lines), noun, which), len(shown) < len(lines))


def first_and_rest(lines: Sequence[T], most: int, noun: str, which: str) -> Part[T]:
    """The same, with the others, for a page that names them, too."""
    return replace(first(lines, most, noun, which), rest=tuple(lines[most:]))


class Link(NamedTuple):
    """A link inside the site."""

    text: str
    path: str
    note: str = ""


class Figure(NamedTuple):
    """A chart with its words: `svg` is ours and safe; `table` has the same data, its first row the headings.

    `finding` is what it shows in one sentence where `summary` needs more.  `span` are its first and last day, where it
    goes over time.
    """

    title: str
    svg: str
    summary: str
    table: tuple[tuple[str, ...], ...] = ()
    credit: str = ""
    span: tuple[date, date] | None = None
    finding: str = ""


class StatLine(NamedTuple):
    """Market figures of one pricing type, one vote per provider."""

    pricing_type: str
    floor: Decimal
    p25: Decimal
    median: Decimal
    p75: Decimal
    ceiling: Decimal
    providers_n: int
    offers_n: int


class SegmentLine(NamedTuple):
    """On-demand figures of one part of the market, one vote per provider."""

    segment: str
    floor: Decimal
    floor_provider: Link
    p25: Decimal
    median: Decimal
    p75: Decimal
    ceiling: Decimal
    providers_n: int


@dataclass(frozen=True, slots=True)
class GpuLine:
    """A GPU in a list.  `per_vram_gb` is dollars per GB and hour.

    `change_30d` is a ratio (-0.05: down 5%), of the floor by our own observation.
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
    ceiling: Decimal | None
    spot_floor: Decimal | None
    spot_ratio: Decimal | None
    providers_n: int
    offers_n: int
    per_vram_gb: Decimal | None
    change_30d: Decimal | None


class Alternative(NamedTuple):
    """A GPU that one would rent instead: one `step` "down" or "up", or "" for one alike; `words`: what changes."""

    step: str
    gpu: GpuLine
    words: str


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider in a list.

    `position` is the median of its prices divided by other sellers' medians (0.9: 10% below), over `compared_n` GPUs.
    `confirmed_at` is a day; `fresh_gpus_n` of the `gpus_n` have a fresh offer.
    `billing_step`, `minimum_rental`, `storage` (per GB and month, running and, where it differs, stopped) and `egress`
    (per GB) are words, "" where they are not known.  `source` says where its prices were read.
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
    compared_n: int
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


class Fact(NamedTuple):
    """A labelled value; `source` is where it comes from."""

    label: str
    value: str
    url: str | None = None
    source: str = ""


class PairFact(NamedTuple):
    """A labelled value of two GPUs or providers side by side; `ratio` is "1.60×", or "" where there is none.

    `a_url` and `b_url` are the pages that state the values, where known.
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

    Where `is_known` is False, `value` says what was found instead at `source_url`.
    """

    label: str
    qualifier: str
    value: str
    note: str
    source_url: str | None
    checked_on: date | None
    is_known: bool = True


class StatedTerm(NamedTuple):
    """A term for programs: `value` with its `unit`, or `word`; `text` is either in words, `usd` an amount of money.

    `field`, `unit` and `word` are of `generator.database.seed_rows`; `counts`: stated there and recently checked.
    """

    field: str
    qualifier: str
    value: Decimal | None
    unit: str | None
    currency: str | None
    usd: Decimal | None
    word: str | None
    text: str
    note: str
    source_url: str | None
    checked_on: date | None
    counts: bool


class CostLine(NamedTuple):
    """A line of what a month costs: `sum` says how its amount is computed, or why there is none."""

    what: str
    sum: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """What a month costs; `total` is None where a line has no amount, and `missing` names those lines."""

    title: str
    lines: tuple[CostLine, ...]
    total: Decimal | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthlyCosts:
    """What a month of one GPU costs at a provider, in its cheapest offer, a machine with `gpu_count` of them."""

    gpu: Link
    instance_type: str
    gpu_count: int
    price_per_gpu_hour: Decimal
    costs: tuple[MonthlyCost, ...]


class SellerFloor(NamedTuple):
    """A provider's lowest ranked price of a GPU on demand.

    `gpu_counts` are the sizes of its machines with that price, 0 where no size is stated.
    """

    provider: str
    price_per_gpu_hour: Decimal
    gpu_counts: tuple[int, ...]


class ScenarioLine(NamedTuple):
    """What one GPU costs at a provider for several lengths of time, with storage and traffic out."""

    provider: Link
    price_per_gpu_hour: Decimal
    totals: tuple[Decimal, ...]


class SharedPrice(NamedTuple):
    """One GPU or provider with the prices of both sides; `cheaper` is "a", "b" or "" where they round to the same.

    `a_count` and `b_count` are the numbers of GPUs that the prices are for, 0 where no size is stated; where they
    differ, neither is called cheaper.  `gap` is a ratio: how much more expensive the other side is.
    """

    subject: Link
    a_count: int
    a: Decimal
    b_count: int
    b: Decimal
    cheaper: str
    gap: Decimal

    @property
    def is_like(self) -> bool:
        """Whether both prices are for the same number of GPUs."""
        return self.a_count == self.b_count


@dataclass(frozen=True, slots=True)
class NodeSize:
    """A number of GPUs rented together: how many providers sell that, and from what price per GPU-hour."""

    count: int
    providers_n: int
    floor: Decimal
    floor_provider: Link


@dataclass(frozen=True, slots=True)
class SoldWithoutPrice:
    """A machine that is sold but whose price is not known; `of` is its provider or GPU, `url` the provider's page."""

    of: Link
    machine_type: str
    url: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many offers one rule holds back; `words` say why, `of` are the providers or GPUs concerned."""

    words: str
    offers_n: int
    of: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HeldBackRule:
    """A rule in words, with the number of offers that it holds back, and of how many providers."""

    meaning: str
    offers_n: int
    providers_n: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A price of ours and another that others published: `what` both are for, their source, our editors' verdict."""

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
    """The share (0 to 1) of the hours observed in which a provider had a GPU; `subject` is the provider or the GPU.

    `daily` has a letter a day, the oldest first: "i" where it had it at some time, "o" at none, "-" not observed.
    """

    subject: Link
    available_share: Decimal
    watched_hours: Decimal
    daily: str


@dataclass(frozen=True, slots=True)
class Availability:
    """Availability in the last `days` before `until`; `shown` are the lines that a page has room for."""

    days: int
    until: datetime
    lines: tuple[AvailabilityLine, ...]
    shown: Part[AvailabilityLine]
