"""An answer that prices were read from, and what was read from it."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from generator.model.blocks import Link


class Answer(NamedTuple):
    """An answer as it was kept; of a recording `fetched_at` is when its figures were true, and nobody was asked.

    `fetched_again_at` is when the same bytes came once more, None where they did not.  `others_n` is how many other
    answers the prices were read from together with it.  `origin` is where a recording's figures are from, "" for none.
    """

    sha256: str
    body_bytes: int
    method: str
    url: str
    status: int
    content_type: str
    fetched_at: datetime
    fetched_again_at: datetime | None
    others_n: int
    is_recorded: bool
    origin: str
    origin_url: str | None


class ReadOffer(NamedTuple):
    """An offer with its prices per GPU-hour; `charged` is the machine's as stated, "" for a commitment only.

    `count` is "8", "1/8" for a share, or "" where the machine's size is not stated.
    """

    gpu: Link
    instance_type: str
    region: str
    count: str  # type: ignore[assignment]
    charged: str
    on_demand: Decimal | None
    spot: Decimal | None
    committed: Decimal | None
