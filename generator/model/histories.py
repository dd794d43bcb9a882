"""An offer's prices step by step, and when nothing is known of it."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple


class Prices(NamedTuple):
    """An offer's prices per GPU-hour by pricing type; None where it is not sold that way."""

    on_demand: Decimal | None
    spot: Decimal | None
    monthly: Decimal | None
    reserved_1y: Decimal | None
    reserved_3y: Decimal | None


class Step(NamedTuple):
    """Prices with the time in which they were in force: `valid_to` is None for those that still are.

    `prices` are in US dollars, `charged` in the `currency` in which the provider states them, None for US dollars.
    `gpu_count` is "8", "1/8" for a share, or "" where the machine's size is not stated.
    """

    valid_from: datetime
    valid_to: datetime | None
    last_confirmed_at: datetime
    gpu_count: str
    availability: str | None
    prices: Prices
    currency: str
    charged: Prices | None
    is_recorded: bool
    evidence_url: str | None

    @property
    def known_until(self) -> datetime:
        """The last instant of which the price is known."""
        return max(self.valid_to or self.valid_from, self.last_confirmed_at)


class Gap(NamedTuple):
    """A time without a price, between two instants, or ever since: the offer was gone, or nobody saw it."""

    since: datetime
    until: datetime | None
    reason: Literal["not_offered", "not_seen"]


class OfferHistory(NamedTuple):
    """One instance type in one region: its steps in order of `valid_from`, and the gaps between them."""

    instance_type: str
    region: str
    price_basis: str
    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]


class PricedLine(NamedTuple):
    """A price of an offer with its times and where it was read, as charged per GPU-hour; "" where not sold that way.

    `until` is when something else was seen, None while the price is in force.
    """

    instance_type: str
    region: str
    on_demand: str
    spot: str
    since: datetime
    last_confirmed_at: datetime
    until: datetime | None
    is_recorded: bool
    evidence_url: str | None
