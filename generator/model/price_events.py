"""Price changes that we observed ourselves."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link


class PriceEvent(NamedTuple):
    """A change of a price per GPU-hour, as charged; `change` is a ratio, `stood` how long the old price had been seen.

    `id` is the same in every build; `regions` are those that changed alike.  Retracted: read wrongly, so that nothing
    changed.
    """

    id: str
    gpu: Link
    provider: Link
    instance_type: str
    regions: str
    pricing_type: str
    gpu_count: int
    old: str
    new: str
    change: Decimal
    at: datetime
    stood: str
    old_url: str | None
    new_url: str | None
    retracted_on: date | None = None


def standing(events: Iterable[PriceEvent]) -> tuple[PriceEvent, ...]:
    """The changes that are not retracted."""
    return tuple(event for event in events if event.retracted_on is None)


class MonthOfEvents(NamedTuple):
    """A month with changes: "2026-08", its page, and how many there are."""

    month: str
    link: Link
    events_n: int
