"""Everything that pages are made from: tables that are read when a page asks for them, in one snapshot of the database.

Pages read it in slices: generator/catalogue/slices.py.  The queries behind it: generator/catalogue/gather.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property, lru_cache, partial
from typing import Any

from generator.catalogue.addresses import Addresses, NoAddresses
from generator.catalogue.list_rows import (
    AnswerRow,
    CrowdedPairRow,
    FeatureFloorRow,
    GpuNameRow,
    PlacedOfferRow,
    PriceEventRow,
    PriceSpanRow,
    PriceStepRow,
    ScheduledPriceRow,
    SourceStatusRow,
    WatchedSinceRow,
)
from generator.catalogue.rows import (
    AvailabilityRow,
    ConfirmedRow,
    DisagreementRow,
    EarlierFloorRow,
    FloorRow,
    GpuRow,
    HeldBackRow,
    IncompleteReadingRow,
    ListedGpuRow,
    ListedProviderRow,
    MoveRow,
    OfferRow,
    ProviderFiguresRow,
    ProviderRow,
    ReadingsLeftOutRow,
    ReferenceRow,
    ReferenceSourceRow,
    SellerDayRow,
    Sold,
    SoldWithoutPriceRow,
    StatsRow,
    TermRow,
    TrendRow,
)
from generator.catalogue.tables import Table, Trace, Whole
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import KINDS, Guide, Prose, ReviewedText, Workload

TREND_DAYS = 365
INDEX_DAYS = 367  # so that the last day has one a year before
CHANGE_DAYS = 30
MOVE_DAYS = 7
AVAILABILITY_DAYS = 30

# By which slices of the database's writers each table's rows move, and what every row is read as besides its own slice.
_TABLES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "gpus": (("gpus",), ()),
    "providers": (("providers", "provider_figures"), ()),
    "provider_figures": (("providers", "provider_figures"), ()),
    "shown_offers": (("offers_n",), ()),
    "terms_by_provider": (("terms_by_provider",), ()),
    "offers_by_gpu": (("offers_by_gpu",), ()),
    "offers_by_provider": (("offers_by_provider",), ()),
    "answers": (("answers", "offers_by_provider"), ()),
    "stats_by_gpu": (("stats_by_gpu",), ()),
    "floors_by_gpu": (("floors_by_gpu",), ()),
    "floors_by_provider": (("floors_by_provider",), ()),
    "features_by_gpu": (("offers_by_gpu", "floors_by_gpu"), ()),
    "confirmed": (("offers_by_gpu",), ()),
    "placed_by_gpu": (("offers_by_gpu",), ()),
    "placed_by_provider": (("offers_by_provider",), ()),
    "trends": (("trends",), ("day",)),
    "earlier_floors": (("trends",), ("day",)),
    "reference_trends": (("reference_trends",), ("day",)),
    "price_events": (("trends", "offers_by_gpu"), ("day", "source_status")),
    "histories": (("histories",), ()),
    "seller_days": (("trends",), ("day",)),
    "incomplete_readings": (("reference_trends",), ("day",)),
    "availability_by_gpu": (("offers_by_gpu", "availability_by_gpu"), ("day",)),
    "availability_by_provider": (("offers_by_provider", "availability_by_provider"), ("day",)),
    "held_back_by_gpu": (("held_back_by_gpu",), ()),
    "held_back_by_provider": (("held_back_by_provider",), ()),
    "disagreements_by_gpu": (("disagreements_by_gpu",), ()),
    "disagreements_by_provider": (("disagreements_by_provider",), ()),
    "scheduled_by_gpu": (("scheduled_by_gpu",), ()),
    "scheduled_by_provider": (("scheduled_by_provider",), ()),
    "sold_by_gpu": (("sold_by_gpu",), ()),
    "sold_by_provider": (("sold_by_provider",), ()),
    "prose": (("prose",), ()),
}
MOVED_WITH: Mapping[str, Sequence[str]] = {
    moved: [name for name, (by, _) in _TABLES.items() if moved in by] for by, _ in _TABLES.values() for moved in by
}
"""The kinds of slices that writers move -> the tables that move with them."""
# The slices that each list is read as.
_LISTS: Mapping[str, tuple[str, ...]] = {
    "listed_gpus": ("listed_gpus",),
    "listed_providers": ("listed_providers",),
    "sellers": ("sellers",),
    "price_spans": ("price_spans",),
    "crowded_pairs": ("crowded_pairs",),
    "source_status": ("source_status", "listed_providers"),
    "watched_since": ("source_status",),
    "all_offers": ("offers",),
    "gpu_names": ("gpu_names",),
    "reference_sources": (),
    "readings_left_out": ("readings_left_out",),
    "moves": ("moves", "day"),
    "held_back": ("held_back",),
    "disagreements": ("disagreements",),
    "guides": ("guides",),
    "methodology_versions": ("methodology",),
    "workloads": ("workloads",),
}


@dataclass(frozen=True)
class Catalogue:
    """Tables by slug and short lists; `addresses` are those of the build.

    A field may be given as its rows, or as the function that reads them.  `memo` and `aggregates` have the views that
    were computed so far, `noted` the aggregates whose reads a build has not recorded yet.
    """

    as_of: datetime
    is_all_recorded: bool
    gpus: Table[GpuRow]
    providers: Table[ProviderRow]
    provider_figures: Table[ProviderFiguresRow]
    shown_offers: Table[int]
    terms_by_provider: Table[list[TermRow]]
    offers_by_gpu: Table[list[OfferRow]]
    offers_by_provider: Table[list[OfferRow]]
    answers: Table[list[AnswerRow]]
    stats_by_gpu: Table[list[StatsRow]]
    floors_by_gpu: Table[list[FloorRow]]
    floors_by_provider: Table[list[FloorRow]]
    features_by_gpu: Table[list[FeatureFloorRow]]
    confirmed: Table[ConfirmedRow]
    placed_by_gpu: Table[list[PlacedOfferRow]]
    placed_by_provider: Table[list[PlacedOfferRow]]
    trends: Table[list[TrendRow]]
    earlier_floors: Table[EarlierFloorRow]
    reference_trends: Table[list[ReferenceRow]]
    price_events: Table[list[PriceEventRow]]
    histories: Table[list[PriceStepRow]]
    seller_days: Table[list[SellerDayRow]]
    incomplete_readings: Table[list[IncompleteReadingRow]]
    availability_by_gpu: Table[list[AvailabilityRow]]
    availability_by_provider: Table[list[AvailabilityRow]]
    held_back_by_gpu: Table[list[HeldBackRow]]
    held_back_by_provider: Table[list[HeldBackRow]]
    disagreements_by_gpu: Table[list[DisagreementRow]]
    disagreements_by_provider: Table[list[DisagreementRow]]
    scheduled_by_gpu: Table[list[ScheduledPriceRow]]
    scheduled_by_provider: Table[list[ScheduledPriceRow]]
    sold_by_gpu: Table[list[SoldWithoutPriceRow]]
    sold_by_provider: Table[list[SoldWithoutPriceRow]]
    prose: Table[Prose]
    listed_gpus: Whole[ListedGpuRow]
    listed_providers: Whole[ListedProviderRow]
    source_status: Whole[SourceStatusRow]
    watched_since: Whole[WatchedSinceRow]
    all_offers: Whole[OfferRow]
    gpu_names: Whole[GpuNameRow]
    sellers: Whole[dict[str, Sold]]
    price_spans: Whole[PriceSpanRow]
    crowded_pairs: Whole[CrowdedPairRow]
    reference_sources: Whole[ReferenceSourceRow]
    readings_left_out: Whole[ReadingsLeftOutRow]
    moves: Whole[MoveRow]
    held_back: Whole[HeldBackRow]
    disagreements: Whole[DisagreementRow]
    guides: Whole[Guide]
    methodology_versions: Whole[MethodologyVersion]
    workloads: Whole[Workload]
    methodology_source: str
    statements: tuple[str, ...] = ()
    addresses: Addresses = field(default_factory=NoAddresses)
    memo: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict)
    aggregates: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict)
    noted: list[tuple[str, Any, set[str]]] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)

    def __post_init__(self) -> None:
        for name, (_, always) in _TABLES.items():
            given = getattr(self, name)
            table = given if isinstance(given, Table) else Table(_load(given), name, always)
            self._take(name, table)
        for name, slices in _LISTS.items():
            given = getattr(self, name)
            self._take(name, given if isinstance(given, Whole) else Whole(_load_all(given), *slices))

    @property
    def day(self) -> date:
        """The UTC day that the site describes."""
        self.trace.note(("day",))
        return self.as_of.astimezone(UTC).date()

    @property
    def methodology(self) -> str:
        """The methodology's Markdown, with its bindings."""
        self.trace.note(("methodology",))
        return self.methodology_source

    @cached_property
    def tables(self) -> Mapping[str, Table[Any]]:
        """The tables by name."""
        return {name: getattr(self, name) for name in _TABLES}

    def read_everything(self) -> None:
        """Read all rows now, so that no connection is needed any more."""
        for table in self.tables.values():
            table.read_all()
        for name in _LISTS:
            len(getattr(self, name))

    @property
    def texts(self) -> tuple[ReviewedText, ...]:
        """The reviewed texts that are live."""
        return (*self.guides.values(), *self.workloads.values())

    def read_ahead(self, slugs: Sequence[str], *names: str) -> None:
        """Read the rows of these slugs in one query for each table named, before they are asked for."""
        for name in names:
            self.tables[name].read_ahead(slugs)

    def _take(self, name: str, table: Any) -> None:
        table.trace = self.trace
        object.__setattr__(self, name, table)


def moved_with(moved: Iterable[str]) -> set[str]:
    """Slices that the database's writers moved, and those of the tables that move with them."""
    found = set(moved)
    for name in moved:
        prefix, _, slug = name.partition(":")
        found.update(f"{table}:{slug}" for table in MOVED_WITH.get(prefix, ()))
    return found


def texts_of(texts: Iterable[ReviewedText]) -> dict[str, Any]:
    """These texts as lists of the catalogue, by its field for their kind."""
    lists: dict[str, dict[str, ReviewedText]] = {kind.folder: {} for kind in KINDS.values()}
    for text in texts:
        lists[text.folder][text.slug] = text
    return {name: Whole(partial(dict, rows), *_LISTS[name]) for name, rows in lists.items()}


def versions_of(found: Iterable[MethodologyVersion]) -> dict[str, MethodologyVersion]:
    """Versions of the methodology by their number."""
    return {str(version.number): version for version in found}


@lru_cache(maxsize=4096)
def midnight(day: date) -> datetime:
    """The start of a UTC day, or of the UTC day of an instant."""
    return datetime.combine(day.astimezone(UTC).date() if isinstance(day, datetime) else day, time(), UTC)


def _load(given: Any) -> Callable[[Sequence[str] | None], Mapping[str, Any]]:
    if callable(given):
        loaded: Callable[[Sequence[str] | None], Mapping[str, Any]] = given
        return loaded
    return lambda slugs: given if slugs is None else {slug: given[slug] for slug in slugs if slug in given}


def _load_all(given: Any) -> Callable[[], Mapping[str, Any]]:
    if callable(given):
        loaded: Callable[[], Mapping[str, Any]] = given
        return loaded
    return lambda: given if isinstance(given, Mapping) else {str(number): row for number, row in enumerate(given)}
