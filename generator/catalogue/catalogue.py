"""Everything a build reads: gathered once, in one snapshot, by the same number of queries however many pages there are.

Pages read it in slices: generator/catalogue/slices.py.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from generator.catalogue.addresses import Addresses
from generator.catalogue.rows import (
    AvailabilityRow,
    DisagreementRow,
    FloorRow,
    GpuRow,
    HeldBackRow,
    MoveRow,
    OfferRow,
    ProviderRow,
    ReadingsLeftOutRow,
    ReferenceRow,
    ReferenceSourceRow,
    SoldWithoutPriceRow,
    StatsRow,
    TermRow,
    TrendRow,
)
from generator.database import db
from generator.prose.guides import Guide

T = TypeVar("T")
Offered = TypeVar("Offered", OfferRow, FloorRow, AvailabilityRow)

TREND_DAYS = 365
MOVE_DAYS = 7
AVAILABILITY_DAYS = 30


@dataclass(frozen=True)
class Catalogue:
    """The rows of one snapshot, grouped as pages need them; `addresses` are those of the build."""

    as_of: datetime
    gpus: Mapping[str, GpuRow]
    providers: Mapping[str, ProviderRow]
    terms_by_provider: Mapping[str, list[TermRow]]
    offers_by_gpu: Mapping[str, list[OfferRow]]
    offers_by_provider: Mapping[str, list[OfferRow]]
    stats: Mapping[tuple[str, str, str], StatsRow]
    floors_by_gpu: Mapping[str, list[FloorRow]]
    floors_by_provider: Mapping[str, list[FloorRow]]
    trends: Mapping[str, list[TrendRow]]
    reference_trends: Mapping[str, list[ReferenceRow]]
    reference_sources: Mapping[str, ReferenceSourceRow]
    readings_left_out: list[ReadingsLeftOutRow]
    moves: list[MoveRow]
    availability_by_gpu: Mapping[str, list[AvailabilityRow]]
    availability_by_provider: Mapping[str, list[AvailabilityRow]]
    held_back: list[HeldBackRow]
    disagreements: list[DisagreementRow]
    sold_without_price: list[SoldWithoutPriceRow]
    guides: Mapping[str, Guide]
    methodology: str
    addresses: Addresses = field(default_factory=Addresses)
    memo: dict[tuple[str, tuple[str, ...]], Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def is_all_recorded(self) -> bool:
        """Whether every price shown is recorded, none live."""
        return all(offer.is_recorded for offers in self.offers_by_gpu.values() for offer in offers)


def gather(connection: db.Connection, as_of: datetime, guides: Iterable[Guide], methodology: str) -> Catalogue:
    """Read all that pages show as of an instant.  The connection's transaction is the snapshot.

    GPUs and providers that are no longer active have no page, so their offers are left out.  Availability ends with
    the last whole day, so that pages do not change every hour.
    """
    gpus = {row.slug: row for row in db.rows(connection, "catalogue_gpus", GpuRow)}
    providers = {row.slug: row for row in db.rows(connection, "catalogue_providers", ProviderRow, as_of=as_of)}
    offers = _active(db.rows(connection, "catalogue_offers", OfferRow, as_of=as_of), gpus, providers)
    floors = _active(db.rows(connection, "provider_floors", FloorRow, as_of=as_of), gpus, providers)
    watched = db.rows(
        connection, "catalogue_availability", AvailabilityRow, as_of=midnight(as_of), days=AVAILABILITY_DAYS
    )
    availability = _active(watched, gpus, providers)
    return Catalogue(
        as_of=as_of,
        gpus=gpus,
        providers=providers,
        terms_by_provider=_grouped(
            db.rows(connection, "catalogue_terms", TermRow, as_of=as_of), lambda row: row.provider_slug
        ),
        offers_by_gpu=_grouped(offers, lambda row: row.gpu_slug),
        offers_by_provider=_grouped(offers, lambda row: row.provider_slug),
        stats={
            (row.gpu_slug, row.pricing_type, row.segment): row
            for row in db.rows(connection, "gpu_stats", StatsRow, as_of=as_of)
        },
        floors_by_gpu=_grouped(floors, lambda row: row.gpu_slug),
        floors_by_provider=_grouped(floors, lambda row: row.provider_slug),
        trends=_grouped(
            db.rows(connection, "gpu_trend_daily", TrendRow, as_of=as_of, days=TREND_DAYS), lambda row: row.gpu_slug
        ),
        reference_trends=_grouped(
            db.rows(connection, "reference_trend_daily", ReferenceRow, as_of=as_of), lambda row: row.gpu_slug
        ),
        reference_sources={row.slug: row for row in db.rows(connection, "reference_sources", ReferenceSourceRow)},
        readings_left_out=db.rows(connection, "reference_left_out", ReadingsLeftOutRow),
        moves=db.rows(connection, "reference_moves", MoveRow, as_of=as_of, days=MOVE_DAYS),
        availability_by_gpu=_grouped(availability, lambda row: row.gpu_slug),
        availability_by_provider=_grouped(availability, lambda row: row.provider_slug),
        held_back=db.rows(connection, "held_back", HeldBackRow, as_of=as_of),
        disagreements=db.rows(connection, "disagreements_shown", DisagreementRow, as_of=as_of),
        sold_without_price=db.rows(connection, "sold_without_price", SoldWithoutPriceRow, as_of=as_of),
        guides={guide.slug: guide for guide in guides},
        methodology=methodology,
    )


def midnight(moment: datetime) -> datetime:
    """The start of a UTC day."""
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def _active(rows: Iterable[Offered], gpus: Container[str], providers: Container[str]) -> list[Offered]:
    return [row for row in rows if row.gpu_slug in gpus and row.provider_slug in providers]


def _grouped(rows: Iterable[T], key: Callable[[T], str]) -> Mapping[str, list[T]]:
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
