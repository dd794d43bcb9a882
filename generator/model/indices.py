"""Price indices as pages show them; prices are US dollars per GPU-hour before tax."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link

CHANGES = (1, 7, 30, 90, 365)  # days


class IndexLine(NamedTuple):
    """An index in a list: its value on its last day, and its changes over `CHANGES` as ratios, None where not known.

    `gpu` leads to the page of the GPU's indices, `segment` is "" for the whole market, `source` the name of the
    licensed source whose readings it is made of, "" for our own.  It has a value on `days_n` of the `span_n` days from
    `since` to `on`; `is_current` says whether the last of them is in the last week.
    """

    gpu: Link
    pricing_type: str
    segment: str
    source: str
    value: Decimal
    on: date
    since: date
    changes: tuple[Decimal | None, ...]
    providers_n: int
    days_n: int
    span_n: int
    is_current: bool


class Constituent(NamedTuple):
    """A provider that an index counts, with its lowest price on the last day."""

    provider: Link
    segment: str
    price: Decimal


class Excluded(NamedTuple):
    """A provider that an index does not count, and why (`EXCLUSIONS` of generator/labels.py).

    It was read on `days_n` of the source's days, the last time on `last`; 0 and None where no day is known.
    """

    provider: Link
    reason: str
    days_n: int = 0
    last: date | None = None


class Index(NamedTuple):
    """An index with the providers behind it; `gaps` are the first and last days of stretches without a value."""

    line: IndexLine
    constituents: tuple[Constituent, ...]
    excluded: tuple[Excluded, ...]
    gaps: tuple[tuple[date, date], ...]
