"""What a provider's answer is normalised to: comparable offers, and the rows that did not become one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from scrapers.offer import Availability, Key, Machine
from scrapers.price_per_gpu_hour import PER_GPU_HOUR

COLUMNS = tuple(PER_GPU_HOUR)
"""The price columns of an offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Machine):
    """What an offer states beside its key and its prices: a column of `cloudgpus.instances` for each field.

    They are listed here only: queries name all of these columns as `{offer.terms}`.
    """

    gpu_count: int
    size_stated: bool = True
    availability_status: Availability
    availability_stated: bool


TERMS = tuple(term.name for term in fields(Terms))


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalisedOffer(Terms):
    """An offer as `cloudgpus.instances` stores it.

    Prices are US dollars per instance-hour (`price_per_month`: per month) before tax; the `original_*`
    ones are the same in `currency`.  `exchange_rate` is US dollars per unit of `currency` on
    `exchange_rate_date`; 1 and None for dollars.  `offers_merged` counts the listings of a marketplace with this key
    (instance type, region), of which this is the cheapest.  `price_ends`: when a price ends, where stated,
    by column (ISO 8601, UTC).  `kept_prices` are columns whose new price is held back:
    the stored one is kept.
    """

    gpu_slug: str
    instance_type: str
    region: str = ""
    available_regions: tuple[str, ...] = ()
    price_per_hour: Decimal | None = None
    price_per_hour_spot: Decimal | None = None
    price_per_month: Decimal | None = None
    price_per_hour_reserved_1y: Decimal | None = None
    price_per_hour_reserved_3y: Decimal | None = None
    original_price_per_hour: Decimal | None = None
    original_price_per_hour_spot: Decimal | None = None
    original_price_per_month: Decimal | None = None
    original_price_per_hour_reserved_1y: Decimal | None = None
    original_price_per_hour_reserved_3y: Decimal | None = None
    exchange_rate: Decimal = Decimal(1)
    exchange_rate_date: date | None = None
    price_includes: Mapping[str, Any] = field(default_factory=dict)
    price_ends: Mapping[str, str] = field(default_factory=dict)
    raw_data: Any
    offers_merged: int = 1
    kept_prices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnmappedName:
    """A name that means no known GPU: the number and the keys of the offers that have it, and the rule that decided."""

    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str
    offers: int
    rule: str
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An offer that is not published: `rule` is the code of the rule that caught it, `detail` has the figures.

    `prices` are US dollars per GPU-hour by column, for a rule that a second answer or an editor may overrule; `since`
    is when they were first held back.  With `columns`, only those prices are held back and the others published.
    """

    instance_type: str
    region: str
    gpu_slug: str
    rule: str
    detail: str
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    since: datetime | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Normalised:
    """A provider's comparable offers, and the rows that did not become one.

    `joined` counts the rows that state a further price of an offer, or repeat one; `merged` the listings of a
    marketplace that are more expensive than the one kept; `odd_prices` are single prices that can't be right.
    """

    offers: list[NormalisedOffer]
    unmapped: list[UnmappedName]
    held: list[HeldBack] = field(default_factory=list)
    joined: int = 0
    merged: int = 0
    odd_prices: list[HeldBack] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many rows the answer had: stored, joined, merged, of unknown names and held back."""
        known = len(self.offers) + self.joined + self.merged
        return known + sum(name.offers for name in self.unmapped) + len(self.held)


def without(offer: NormalisedOffer, columns: Iterable[str], *, kept: bool = False) -> NormalisedOffer:
    """The offer without its prices in these columns; with `kept`, the prices stored there are kept."""
    gone = tuple(columns)
    nothing: dict[str, Any] = dict.fromkeys((*gone, *(f"original_{column}" for column in gone)))
    ends = {column: end for column, end in offer.price_ends.items() if column not in gone}
    nothing |= {"price_ends": ends}
    return replace(offer, **nothing, kept_prices=(*offer.kept_prices, *gone) if kept else offer.kept_prices)
