"""Where machine types exist and how they are rented out: facts for providers whose price lists cover more than that.

`facts/machine_places.csv` names the regions of a machine type; a name ending in "*" stands for all machines with GPUs
that begin so.  Google's regions come from two collections of its zones' lists: a region in both has the machine, one in
a single collection is unknown, the others don't have it.  `facts/machine_pricing.csv` names the pricing types of a
machine type that is not rented out on demand and as spot alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from scrapers.fact_files import fact_rows

YesNoUnknown = Literal["yes", "no", "unknown"]
MachineKey = tuple[str, str]
"""A provider's slug, and its name for a machine type."""


@dataclass(frozen=True, slots=True)
class MachineRegions:
    """The regions of a machine type.  Where not all of them are known, `elsewhere` is "unknown", else "no"."""

    regions: frozenset[str]
    unknown: frozenset[str]
    elsewhere: YesNoUnknown

    def has(self, region: str) -> YesNoUnknown:
        """Whether the machine exists in the region; for "", whether it exists anywhere."""
        if region in self.regions or (not region and self.regions):
            return "yes"
        return "unknown" if region in self.unknown else self.elsewhere


@dataclass(frozen=True, slots=True)
class MachinePlaces:
    """What is known of machine types by provider."""

    places: Mapping[MachineKey, MachineRegions]
    pricing: Mapping[MachineKey, frozenset[str]]

    def exists_in(self, provider: str, machine_type: str, region: str) -> YesNoUnknown:
        """Whether the provider has the machine in the region; "unknown" for a machine type without facts."""
        places = self.places.get((provider, machine_type)) or self._family(provider, machine_type)
        return places.has(region) if places else "unknown"

    def is_sold_as(self, provider: str, machine_type: str, pricing_type: str) -> bool:
        """Whether the machine is rented out "on_demand" or as "spot"; true unless a source says that it is not."""
        pricing_types = self.pricing.get((provider, machine_type))
        return pricing_types is None or pricing_type in pricing_types

    def _family(self, provider: str, machine_type: str) -> MachineRegions | None:
        """The places of the longest name with a "*" that the machine type begins with."""
        lengths = range(len(machine_type), -1, -1)
        found = (self.places.get((provider, f"{machine_type[:length]}*")) for length in lengths)
        return next(filter(None, found), None)


@cache
def machine_places() -> MachinePlaces:
    """The facts that the project ships, read once."""
    places = {
        (row["provider"], row["machine_type"]): MachineRegions(
            _names(row["regions"]), _names(row["unknown"]), "unknown" if row["elsewhere"] == "unknown" else "no"
        )
        for row in fact_rows("machine_places.csv")
    }
    pricing = {
        (row["provider"], row["machine_type"]): _names(row["pricing_types"]) for row in fact_rows("machine_pricing.csv")
    }
    return MachinePlaces(places, pricing)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())
