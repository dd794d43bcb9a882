"""Providers' lowest prices of a GPU at each number of GPUs: what can be compared with what.

Machines of other sizes are other goods, and two GPUs' markets have other sellers.  So a comparison is between prices
for the same number of GPUs, and where it is of two GPUs or two ways to pay, of the same sellers.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import FloorRow
from generator.catalogue.slices import view
from generator.model.compared import Standing

FEWEST_COMPARED = 4
"""Prices that are compared before a figure is made of them."""
_FEWEST_OTHERS = 2


class Compared(NamedTuple):
    """Two prices per GPU-hour, each with the number of GPUs that it is for; 0: no size is stated."""

    a_count: int
    a: Decimal
    b_count: int
    b: Decimal

    @property
    def ratio(self) -> Decimal:
        """The second price divided by the first."""
        return self.b / self.a


@view
def floors_at(catalogue: Catalogue, gpu: str, pricing_type: str) -> dict[int, dict[str, Decimal]]:
    """Each provider's lowest price of a GPU, by number of GPUs, the smallest first."""
    found: dict[int, dict[str, Decimal]] = {}
    for row in catalogue.floors_by_gpu.get(gpu, ()):
        if row.pricing_type == pricing_type:
            for count, floor in zip(row.gpu_counts, row.count_floors, strict=True):
                found.setdefault(count, {})[row.provider_slug] = floor
    return dict(sorted(found.items(), key=lambda one: _order(one[0])))


def at_same_sellers(
    one: Mapping[int, Mapping[str, Decimal]], other: Mapping[int, Mapping[str, Decimal]]
) -> dict[str, Compared]:
    """What each provider that has both asks for them, at the smallest number of GPUs in which it has both."""
    found: dict[str, Compared] = {}
    for count, prices in one.items():
        others = other.get(count, {})
        for provider in prices.keys() & others.keys() - found.keys():
            found[provider] = Compared(count, prices[provider], count, others[provider])
    return found


def side_by_side(one: FloorRow, other: FloorRow) -> Compared:
    """Two providers' prices of a GPU at the smallest number that both have; the lowest of each where they have none."""
    common = sorted(set(one.gpu_counts).intersection(other.gpu_counts), key=_order)
    counts = (common[0], common[0]) if common else (_cheapest_count(one), _cheapest_count(other))
    return Compared(counts[0], one.by_count[counts[0]], counts[1], other.by_count[counts[1]])


def _cheapest_count(row: FloorRow) -> int:
    return row.gpu_counts[row.count_floors.index(row.floor)]


def standing(catalogue: Catalogue, own: FloorRow) -> Standing | None:
    """How a provider's price stands against the others', at its smallest number of GPUs that two others have."""
    sold = floors_at(catalogue, own.gpu_slug, own.pricing_type)
    for count in sorted(own.gpu_counts, key=_order):
        others = [price for provider, price in sold[count].items() if provider != own.provider_slug]
        if len(others) >= _FEWEST_OTHERS:
            middle_one = median(others)
            return Standing(round(own.by_count[count] / middle_one, 4), count, middle_one, len(others))
    return None


def middle(ratios: Iterable[Decimal]) -> Decimal | None:
    """The median of enough ratios; None for fewer."""
    known: Sequence[Decimal] = list(ratios)
    return round(median(known), 4) if len(known) >= FEWEST_COMPARED else None


@view
def spot_ratio(catalogue: Catalogue, gpu: str) -> Decimal | None:
    """What spot costs of the on-demand price, at the median of the providers that have both; None for too few."""
    both = at_same_sellers(floors_at(catalogue, gpu, "on_demand"), floors_at(catalogue, gpu, "spot"))
    return middle(compared.ratio for compared in both.values())


def _order(gpu_count: int) -> tuple[bool, int]:
    """By size, machines whose size is not stated last."""
    return not gpu_count, gpu_count
