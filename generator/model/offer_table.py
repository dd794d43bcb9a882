"""Tables of offers.  Prices are US dollars before tax, per GPU-hour unless stated otherwise."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from generator.formats import part_of, plural
from generator.model.blocks import Link

Subject = Literal["provider", "GPU"]

STALE = {True: "recorded long ago", False: "not confirmed recently"}
"""Why an aging price is not ranked, by whether it is recorded."""


class OnScale(NamedTuple):
    """Where a price and the median lie between a market's lowest price (0) and its highest (1)."""

    at: Decimal
    median: Decimal


class Read(NamedTuple):
    """When a price was last read, a day, and how."""

    day: datetime
    is_recorded: bool
    is_aging: bool


class OfferLine(NamedTuple):
    """A row of the offer table: an instance type at one provider, with the regions that have its price.

    `count` is "8", "1/8" for a share, or "" where the price is per GPU and the machine's size is not stated.
    `upstream` is the cloud on which a reseller's offer runs, "" where that is not stated.  `regions` are the codes as
    the provider has them, () where none is stated.
    `price_per_hour` is that of the whole instance, on demand or spot as its table is, in dollars, and `original` as the
    provider states it; None and "" where that is not known, and with a commitment.
    `scale` is where the price lies in its GPU's market, `traits` are the words that filters look for.
    `ends` says until when the price holds, where that is stated.  `out_url` leads to the provider, `evidence_url` to
    where the price was read: the provider's own answer, or for a recorded one the collection that it is from, and
    `evidence_path` to our page about that answer, "" where it was not kept.
    """

    provider: Link
    gpu: Link
    instance_type: str
    upstream: str
    count: str  # type: ignore[assignment]
    regions: tuple[str, ...]
    price_per_hour: Decimal | None
    price_per_gpu_hour: Decimal | None
    price_per_gpu_hour_spot: Decimal | None
    price_per_gpu_hour_monthly: Decimal | None
    price_per_gpu_hour_reserved_1y: Decimal | None
    price_per_gpu_hour_reserved_3y: Decimal | None
    original: str
    vcpu_count: int | None
    ram_gb: Decimal | None
    availability: str
    availability_stated: bool
    confirmed_at: datetime
    freshness: str
    is_recorded: bool
    flags: tuple[str, ...]
    ends: str
    scale: OnScale | None
    traits: str
    out_url: str | None
    out_rel: str
    evidence_url: str | None
    evidence_path: str

    def price_as(self, pricing_type: str) -> Decimal | None:
        """The price per GPU-hour, on demand or spot."""
        return self.price_per_gpu_hour_spot if pricing_type == "spot" else self.price_per_gpu_hour


@dataclass(frozen=True, slots=True)
class OfferSection:
    """An offer table with its heading; `column` names the price it is sorted by: on_demand, spot or reserved.

    One that `is_aside` opens when asked.  `lines` are those shown of `rows_n` rows, from `subjects_n` providers (on a
    provider's page: of so many GPUs).
    """

    anchor: str
    title: str
    note: str
    column: str
    lines: tuple[OfferLine, ...]
    subject: Subject
    subjects_n: int
    rows_n: int
    is_aside: bool = False

    @property
    def counted(self) -> str:
        """How many rows there are and, where not all are shown, which these are."""
        all_subjects = f"each {self.subject}’s cheapest, then each machine’s, then the cheapest of all"
        one_each = f"one for each of {plural(len(self.lines), self.subject)}"
        which = all_subjects if self.subjects_n <= len(self.lines) else one_each
        return part_of(len(self.lines), self.rows_n, "row", which)

    @property
    def groups(self) -> tuple[tuple[OfferLine, ...], ...]:
        """The lines by provider (or GPU), each group with its cheapest first, in the order of these."""
        found: dict[str, list[OfferLine]] = {}
        for line in self.lines:
            found.setdefault((line.gpu if self.subject == "GPU" else line.provider).path, []).append(line)
        return tuple(map(tuple, found.values()))

    @property
    def each(self) -> tuple[tuple[OfferLine], ...]:
        """The lines, each a group of its own."""
        return tuple((line,) for line in self.lines)

    @property
    def read(self) -> Read | None:
        """When and how most of the lines were read, said once above them; None where no two are alike."""
        read = Counter(Read(line.confirmed_at, line.is_recorded, line.freshness == "aging") for line in self.lines)
        common = max(read, key=lambda one: (read[one], one), default=None)
        return common if common and read[common] > 1 else None

    @property
    def days_n(self) -> int:
        """On how many days the lines were read."""
        return len({line.confirmed_at for line in self.lines})

    @property
    def shared_flags(self) -> tuple[str, ...]:
        """The flags that all lines have, of two or more."""
        return self.lines[0].flags if len({line.flags for line in self.lines}) == 1 and len(self.lines) > 1 else ()

    @property
    def also_shared(self) -> tuple[str, ...]:
        """The flags that all lines have, less what `read` says of most."""
        is_said = self.read is not None and self.read.is_aging
        return tuple(flag for flag in self.shared_flags if not (is_said and flag in STALE.values()))

    @property
    def has_partner(self) -> bool:
        """Whether a link of the table earns a commission."""
        return any("sponsored" in line.out_rel for line in self.lines)
