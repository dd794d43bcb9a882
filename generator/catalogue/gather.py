"""The queries behind the catalogue's tables: each reads the rows of many slugs at once, or of all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from psycopg import sql

from generator.catalogue import list_rows, rows
from generator.catalogue.catalogue import (
    AVAILABILITY_DAYS,
    CHANGE_DAYS,
    INDEX_DAYS,
    MOVE_DAYS,
    TREND_DAYS,
    Catalogue,
    midnight,
    texts_of,
    versions_of,
)
from generator.catalogue.tables import Load
from generator.database import db
from generator.prose.methodology_versions import MethodologyVersion
from generator.prose.texts import Prose, ReviewedText

R = TypeVar("R")

_SNAPSHOT = "set transaction isolation level repeatable read, read only"
_PATIENCE = """
    set local idle_in_transaction_session_timeout = 0;
    set local statement_timeout = 0
"""

Numbered = Callable[[], Mapping[str, R]]


@dataclass(frozen=True, slots=True)
class _Exported:
    id: str


@dataclass(frozen=True, slots=True)
class _HasLiveOffers:
    has_live_offers: bool


@dataclass(frozen=True, slots=True)
class ProviderConfirmation:
    """When a provider's prices were last confirmed."""

    provider_slug: str
    last_confirmed_at: datetime


def gather(
    snapshot: "Snapshot",
    as_of: datetime,
    texts: Iterable[ReviewedText],
    methodology: str,
    versions: Iterable[MethodologyVersion] = (),
    prose: Iterable[Prose] = (),
) -> Catalogue:
    """The catalogue as of an instant; its figures are those that were settled last, its rows are read on demand.

    GPUs and providers that are no longer active have no page, so their offers are left out.
    """
    read = _Reader(snapshot, as_of)
    fields: dict[str, Any] = {
        "gpus": read.single("catalogue_gpus", rows.GpuRow, "slug", "slugs"),
        "providers": read.single("catalogue_providers", rows.ProviderRow, "slug", "slugs"),
        "provider_figures": read.single("provider_figures", rows.ProviderFiguresRow, "provider_slug", "slugs"),
        "shown_offers": read.shown_offers,
        "terms_by_provider": read.of_provider("catalogue_terms", rows.TermRow),
        "offers_by_gpu": read.of_gpu("catalogue_offers", rows.OfferRow),
        "offers_by_provider": read.of_provider("catalogue_offers", rows.OfferRow),
        "answers": read.of_provider("read_answers", list_rows.AnswerRow),
        "stats_by_gpu": read.of_gpu("gpu_stats", rows.StatsRow),
        "floors_by_gpu": read.of_gpu("provider_floors", rows.FloorRow),
        "floors_by_provider": read.of_provider("provider_floors", rows.FloorRow),
        "features_by_gpu": read.of_gpu("feature_floors", list_rows.FeatureFloorRow),
        "confirmed": read.single("gpu_confirmations", rows.ConfirmedRow, "gpu_slug", "gpus"),
        "placed_by_gpu": read.of_gpu("placed_offers", list_rows.PlacedOfferRow),
        "placed_by_provider": read.of_provider("placed_offers", list_rows.PlacedOfferRow),
        "trends": read.of_gpu("gpu_trend_daily", rows.TrendRow, days=TREND_DAYS),
        "earlier_floors": read.single("gpu_floors_before", rows.EarlierFloorRow, "gpu_slug", "gpus", days=CHANGE_DAYS),
        "reference_trends": read.of_gpu("reference_trend_daily", rows.ReferenceRow),
        "price_events": read.of_gpu("price_events", list_rows.PriceEventRow),
        "histories": read.histories,
        "seller_days": read.of_gpu("seller_days", rows.SellerDayRow, days=INDEX_DAYS),
        "incomplete_readings": read.of_gpu("incomplete_readings", rows.IncompleteReadingRow),
        "availability_by_gpu": read.of_gpu("catalogue_availability", rows.AvailabilityRow, **_whole_days(as_of)),
        "availability_by_provider": read.of_provider(
            "catalogue_availability", rows.AvailabilityRow, **_whole_days(as_of)
        ),
        "held_back_by_gpu": read.of_gpu("held_back", rows.HeldBackRow),
        "held_back_by_provider": read.of_provider("held_back", rows.HeldBackRow),
        "disagreements_by_gpu": read.of_gpu("disagreements_shown", rows.DisagreementRow),
        "disagreements_by_provider": read.of_provider("disagreements_shown", rows.DisagreementRow),
        "scheduled_by_gpu": read.of_gpu("scheduled_prices", list_rows.ScheduledPriceRow),
        "scheduled_by_provider": read.of_provider("scheduled_prices", list_rows.ScheduledPriceRow),
        "sold_by_gpu": read.of_gpu("sold_without_price", rows.SoldWithoutPriceRow),
        "sold_by_provider": read.of_provider("sold_without_price", rows.SoldWithoutPriceRow),
        "prose": {one.slug: one for one in prose},
        "listed_gpus": read.listed("listed_gpus", rows.ListedGpuRow),
        "listed_providers": read.listed("listed_providers", rows.ListedProviderRow),
        "sellers": read.sellers,
        "crowded_pairs": read.numbered("crowded_pairs", list_rows.CrowdedPairRow),
        "price_spans": read.numbered("price_spans", list_rows.PriceSpanRow),
        "source_status": read.listed("source_status", list_rows.SourceStatusRow),
        "watched_since": read.numbered("watched_since", list_rows.WatchedSinceRow),
        "all_offers": read.numbered("catalogue_offers", rows.OfferRow, gpus=None, providers=None),
        "gpu_names": read.numbered("catalogue_gpu_names", list_rows.GpuNameRow),
        "reference_sources": read.listed("reference_sources", rows.ReferenceSourceRow),
        "readings_left_out": read.numbered("reference_left_out", rows.ReadingsLeftOutRow),
        "moves": read.numbered("reference_moves", rows.MoveRow, days=MOVE_DAYS),
        "held_back": read.numbered("held_back", rows.HeldBackRow, gpus=None, providers=None),
        "disagreements": read.numbered("disagreements_shown", rows.DisagreementRow, gpus=None, providers=None),
        **texts_of(texts),
        "methodology_versions": versions_of(versions),
    }
    (live,) = db.rows(snapshot.connection, "has_live_offers", _HasLiveOffers, as_of=as_of)
    return Catalogue(as_of=as_of, is_all_recorded=not live.has_live_offers, methodology_source=methodology, **fields)


def confirmations(connection: db.Connection, as_of: datetime) -> dict[str, datetime]:
    """When each provider's prices were last confirmed, by slug."""
    found = db.rows(connection, "provider_confirmations", ProviderConfirmation, as_of=as_of)
    return {one.provider_slug: one.last_confirmed_at for one in found}


class Snapshot:
    """The state of the database that a build reads, for as long as the transaction of its connection lasts.

    Another process reads the same one through a connection of its own; pickled, it says where, without a connection.
    """

    connection: db.Connection

    def __init__(self, connection: db.Connection) -> None:
        self.connection, self._address = connection, connection.address
        connection.execute(_SNAPSHOT)
        connection.execute(_PATIENCE)
        (self._exported,) = db.rows(connection, "export_snapshot", _Exported)

    @classmethod
    def of_trial(cls, connection: db.Connection) -> Self:
        """The state that the transaction under way would leave, for one that is rolled back."""
        made = cls.__new__(cls)
        made.connection = connection
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "connection"}

    def reopen(self) -> None:
        """Read through a new connection, while the first one's transaction lasts; for a process that is forked."""
        self._read_through(db.another(self.connection))

    @contextmanager
    def reopened(self) -> Iterator[None]:
        """Read through a new connection for the time of the block, while the first one's transaction lasts.

        Raises DatabaseUnreachable, also where that transaction is over.
        """
        with db.connect(self._address) as connection:
            self._read_through(connection)
            yield

    def _read_through(self, connection: db.Connection) -> None:
        self.connection = connection
        connection.execute(_SNAPSHOT)
        connection.execute(sql.SQL("set transaction snapshot {}").format(self._exported.id))
        connection.execute(_PATIENCE)


def _whole_days(as_of: datetime) -> dict[str, Any]:
    """Availability ends with the last whole day, so that pages do not change every hour."""
    return {"as_of": midnight(as_of), "days": AVAILABILITY_DAYS}


class _Reader:
    """Makes the functions that read tables and lists."""

    def __init__(self, snapshot: "Snapshot", as_of: datetime) -> None:
        self._snapshot, self._as_of = snapshot, as_of

    def single(self, query: str, row: type[R], column: str, parameter: str, **params: Any) -> Load[R]:
        """A row for each slug."""
        return lambda slugs: {
            getattr(one, column): one for one in self._rows(query, row, **{parameter: _listed(slugs)}, **params)
        }

    def of_gpu(self, query: str, row: type[R], **params: Any) -> Load[list[R]]:
        """Rows by GPU."""
        return lambda slugs: _grouped(self._rows(query, row, gpus=_listed(slugs), providers=None, **params), "gpu_slug")

    def of_provider(self, query: str, row: type[R], **params: Any) -> Load[list[R]]:
        """Rows by provider."""
        return lambda slugs: _grouped(
            self._rows(query, row, gpus=None, providers=_listed(slugs), **params), "provider_slug"
        )

    def listed(self, query: str, row: type[R]) -> Numbered[R]:
        """A list by slug."""
        return lambda: {one.slug: one for one in self._rows(query, row)}  # type: ignore[attr-defined]

    def numbered(self, query: str, row: type[R], **params: Any) -> Numbered[R]:
        """A list by number."""
        return lambda: {str(number): one for number, one in enumerate(self._rows(query, row, **params))}

    def shown_offers(self, slugs: Sequence[str] | None) -> Mapping[str, int]:
        """How many offers of each GPU are shown."""
        found = self._rows("shown_offers", rows.ShownOffersRow, gpus=_listed(slugs))
        return {one.gpu_slug: one.offers_n for one in found}

    def histories(self, pairs: Sequence[str] | None) -> Mapping[str, list[list_rows.PriceStepRow]]:
        """The steps of each provider's offers of a GPU, by pair: "runpod/h100-sxm"."""
        return _grouped(self._rows("price_histories", list_rows.PriceStepRow, pairs=_listed(pairs)), "pair")

    def sellers(self) -> Mapping[str, dict[str, rows.Sold]]:
        """The providers that rank on demand, by GPU."""
        found = self._rows("sellers", rows.SellersRow)
        return {
            one.gpu_slug: dict(zip(one.provider_slugs, map(rows.Sold, one.gpu_counts, one.places_n), strict=True))
            for one in found
        }

    def _rows(self, query: str, row: type[R], **params: Any) -> list[R]:
        return db.rows(self._snapshot.connection, query, row, **{"as_of": self._as_of, **params})


def _listed(slugs: Sequence[str] | None) -> list[str] | None:
    return None if slugs is None else list(slugs)


def _grouped(found: Iterable[Any], column: str) -> Mapping[str, list[Any]]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for row in found:
        groups[getattr(row, column)].append(row)
    return dict(groups)
