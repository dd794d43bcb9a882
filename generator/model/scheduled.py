"""Prices announced for a later day."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link


class ScheduledPrice(NamedTuple):
    """A price per GPU-hour that begins on `starts_on`; `subject` is its provider or its GPU.

    With `withdrawn_on`, the provider no longer announces it.  `source_url` is where it was read.
    """

    subject: Link
    instance_type: str
    region: str
    gpu_count: int
    pricing_type: str
    price_per_gpu_hour: Decimal
    starts_on: date
    ends_on: date | None
    announced_on: date
    withdrawn_on: date | None
    source_url: str | None
