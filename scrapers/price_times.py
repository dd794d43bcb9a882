"""From when until when prices hold, as their provider states: those in force, those announced, those that are over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from scrapers.normalised import NormalisedOffer
from scrapers.offer import Offer
from scrapers.price_per_gpu_hour import PRICING_TYPES, prices_per_gpu_hour


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer's rows by when their prices hold: now, from a later instant on (by it), or no longer."""

    now: list[Offer] = field(default_factory=list)
    later: dict[datetime, list[Offer]] = field(default_factory=dict)
    over: list[Offer] = field(default_factory=list)

    @property
    def later_n(self) -> int:
        """How many rows announce a price."""
        return sum(map(len, self.later.values()))


@dataclass(frozen=True, slots=True)
class ScheduledPrice:
    """A price that begins at `starts_at`: US dollars per GPU-hour, and as charged for the whole instance."""

    gpu_slug: str
    instance_type: str
    region: str
    gpu_count: int
    gpu_share: Decimal
    pricing_type: str
    price_per_gpu_hour: Decimal
    currency: str
    original_price: Decimal
    starts_at: datetime
    ends_at: datetime | None


def by_time(offers: Iterable[Offer], at: datetime) -> Timed:
    """The rows by when their prices hold, seen from an instant; what states no time holds now."""
    timed = Timed()
    for offer in offers:
        if offer.valid_to is not None and offer.valid_to <= at:
            timed.over.append(offer)
        elif offer.valid_from is not None and offer.valid_from > at:
            timed.later.setdefault(offer.valid_from, []).append(offer)
        else:
            timed.now.append(offer)
    return timed


def scheduled(offers: Iterable[NormalisedOffer], starts_at: datetime) -> list[ScheduledPrice]:
    """Each price of the offers, which all begin at this instant."""
    return [
        ScheduledPrice(
            gpu_slug=offer.gpu_slug,
            instance_type=offer.instance_type,
            region=offer.region,
            gpu_count=offer.gpu_count,
            gpu_share=offer.gpu_share,
            pricing_type=PRICING_TYPES[column],
            price_per_gpu_hour=price,
            currency=offer.currency,
            original_price=getattr(offer, f"original_{column}"),
            starts_at=starts_at,
            ends_at=_end(offer.price_ends, column),
        )
        for offer in offers
        for column, price in prices_per_gpu_hour(offer).items()
    ]


def _end(price_ends: Mapping[str, str], column: str) -> datetime | None:
    return datetime.fromisoformat(price_ends[column]) if column in price_ends else None
