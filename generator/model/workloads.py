"""What a workload needs, and which machines have it.  Prices are US dollars before tax."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from generator.formats import figure, rounded
from generator.model.lists import SetGpu
from generator.model.memory import MACHINES
from generator.model.offer_table import OfferLine


class Term(NamedTuple):
    """A part of the memory, with its product as people write it."""

    label: str
    product: str
    memory_gb: Decimal


class MemoryNeed(NamedTuple):
    """Memory in GB: what the GPUs of a machine share, and what each of them has to hold besides.

    `usable_share` is the share of its memory that a GPU may fill, `machines` how many share the shared part.
    """

    shared: tuple[Term, ...] = ()
    each: tuple[Term, ...] = ()
    usable_share: Decimal = Decimal(1)
    machines: int = 1

    @property
    def shared_gb(self) -> Decimal:
        """What the GPUs of one machine share."""
        return sum((term.memory_gb for term in self.shared), Decimal(0)) / self.machines / self.usable_share

    @property
    def each_gb(self) -> Decimal:
        """What each GPU holds besides."""
        return sum((term.memory_gb for term in self.each), Decimal(0)) / self.usable_share

    @property
    def totals(self) -> tuple[Term, ...]:
        """What the GPUs of one machine share, and what each holds, where that is not a part itself."""
        parts = ((self.shared, "Shared by the GPUs", self.shared_gb), (self.each, "On each GPU", self.each_gb))
        totals = (Term(label, self._divided(terms), total) for terms, label, total in parts if terms)
        return tuple(total for total in totals if total.product != rounded(total.memory_gb, 1))

    def _divided(self, terms: tuple[Term, ...]) -> str:
        """The sum that leads to a total: "(16.1 + 17.2) ÷ 0.9"."""
        added = " + ".join(rounded(term.memory_gb, 1) for term in terms)
        added = f"({added})" if len(terms) > 1 and self.usable_share != 1 else added
        shared = f" ÷ {self.machines} machines" if self.machines > 1 and terms is self.shared else ""
        return added + (f" ÷ {figure(self.usable_share)}" if self.usable_share != 1 else "") + shared

    def of_machines(self, machines: int) -> "MemoryNeed":
        """The same, shared by that many machines."""
        return self._replace(machines=machines)

    def gpus_n(self, vram_gb: int) -> int | None:
        """The smallest number of GPUs, of those that machines have, that holds it; None for none."""
        room = vram_gb - self.each_gb
        return next((count for count in MACHINES if room >= 0 and count * room >= self.shared_gb), None)


class StatedFigure(NamedTuple):
    """A figure of a workload in words; `url` and `checked_on` are None for one that is assumed."""

    label: str
    value: str
    url: str | None
    checked_on: date | None


class Machine(NamedTuple):
    """Machines of one size that can be rented on demand now, the cheapest of each provider, cheapest first."""

    gpus_n: int
    price_per_hour: Decimal
    offers: tuple[OfferLine, ...]


class Candidate(NamedTuple):
    """The cheapest machine of a GPU that has what a workload needs.

    `gpus_needed` GPUs hold it, and `gpus_n` are in the machine.  `price_per_hour` is that of all machines that share
    the work, `months` what they cost where each of `USED` of a month is billed; `offers` are those of the machine.
    """

    gpu: SetGpu
    gpus_needed: int
    gpus_n: int
    price_per_hour: Decimal
    months: tuple[Decimal, ...]
    offers: tuple[OfferLine, ...]

    @property
    def cheapest(self) -> OfferLine:
        """The offer whose price this is."""
        return self.offers[0]


USED = (Decimal("0.1"), Decimal("0.3"), Decimal("0.7"), Decimal(1))
"""Shares of a month's hours in which the machines work and are billed."""
