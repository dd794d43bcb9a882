"""Where a provider's region is: its country and continent, from dated lists of regions, or from the code itself.

`facts/regions.csv` has the regions of providers as they write them, each with the list it is from; `region_lists.csv`
the source, licence and date of each list; `old_region_names.csv` what a provider called a region before.  A zone's name
is its region's with a letter ("us-east-1a", "us-central1-b").  `continents.csv` is GeoNames' (CC BY 4.0).  Some codes
begin or end with a country ("no-kristiansand-1", "Montana, US", "EUR-IS-1"): those of the providers in
`_COUNTRY_STANDS`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import pycountry

from scrapers.fact_files import fact_rows

Code = tuple[str, str]
"""A provider's slug, and its name for a region."""

# Providers whose list has every region, so that a code missing from it is a mistake: AWS's and Google's are made from
# the endpoints and the zones of their own services.
COMPLETE = frozenset({"aws", "gcp"})

# Where in a provider's codes the country stands.
_COUNTRY_STANDS: Mapping[str, tuple[Literal["first", "last"], ...]] = {
    "cloudrift": ("first",),
    "coreweave": ("last",),
    "crusoe": ("first",),
    "cudo": ("first",),
    "datacrunch": ("first",),
    "exoscale": ("first",),
    "hyperbolic": ("first",),
    "hyperstack": ("first",),
    "ibm": ("first",),
    "io-net": ("last",),
    "latitude-sh": ("last",),
    "lium": ("last",),
    "mithril": ("first",),
    "prime-intellect": ("first",),
    "runpod": ("first",),
    "seeweb": ("first",),
    "sesterce": ("first", "last"),
    "shadeform": ("last",),
    "simplepod": ("last",),
    "upcloud": ("first",),
    "vast-ai": ("last",),
}
# What stands before the country in "EU-RO-1" and "AP-JP-1"; without a country it names a continent at most.
_BEFORE_COUNTRY: Mapping[str, str | None] = {"eu": "Europe", "eur": "Europe", "ap": None, "sea": None, "oc": "Oceania"}
_ZONE = re.compile(r"(.+\d)-?[a-z]")  # "us-east-1a", "us-central1-b"


@dataclass(frozen=True, slots=True)
class Place:
    """A region by the provider's present code; `country` is an ISO 3166-1 code of two letters.

    The country is None where only the continent is known.  The source and its date (ISO) are those of the list; a place
    derived from the code has neither, and no name.
    """

    region: str
    name: str
    country: str | None
    continent: str
    source_url: str | None = None
    checked_on: str | None = None


@dataclass(frozen=True, slots=True)
class Regions:
    """The known regions: by list, by their old names, by the country in their code."""

    listed: Mapping[Code, Place]
    old_names: Mapping[Code, str] = field(default_factory=dict)
    continents: Mapping[str, str] = field(default_factory=dict)
    _found: dict[Code, Place | None] = field(default_factory=dict, compare=False, repr=False)

    def place(self, provider: str, region: str) -> Place | None:
        """The region's place; None for an unknown region, and for "", which means none."""
        code = provider, region
        if code not in self._found:
            self._found[code] = self._place(provider, self.old_names.get(code, region))
        return self._found[code]

    def code(self, provider: str, region: str) -> str:
        """The provider's present code for the region; an unknown one is returned as it is."""
        place = self.place(provider, region)
        return place.region if place else region

    def is_complete(self, provider: str) -> bool:
        """Whether all regions of the provider are known, so that an unknown one does not exist."""
        return provider in COMPLETE

    def _place(self, provider: str, region: str) -> Place | None:
        zone = _ZONE.fullmatch(region)
        names = (region, zone[1]) if zone else (region,)
        listed = next((self.listed[provider, name] for name in names if (provider, name) in self.listed), None)
        return listed or self._by_code(provider, region)

    def _by_code(self, provider: str, region: str) -> Place | None:
        """The place by the country in the region's code, else by the continent that it names."""
        ends = _COUNTRY_STANDS.get(provider)
        if not ends:
            return None
        whole = region.replace("_", " ").strip()
        parts = [part for part in (part.strip(" 0123456789") for part in re.split("[-,]", whole)) if part]
        country = next(filter(None, map(country_code, _candidates(whole, parts, ends))), None)
        continent = self.continents.get(country) if country else self._continent(whole, parts)
        return Place(region, "", country, continent) if continent else None

    def _continent(self, whole: str, parts: list[str]) -> str | None:
        if whole.title() in self.continents.values():
            return whole.title()
        return _BEFORE_COUNTRY.get(parts[0].lower()) if parts else None


def _candidates(whole: str, parts: list[str], ends: tuple[str, ...]) -> Iterator[str]:
    """The parts of a code that may be the country, the likeliest first."""
    yield whole
    if "first" in ends and parts:
        yield from parts[1:2] if parts[0].lower() in _BEFORE_COUNTRY else parts[:1]
    if "last" in ends:
        yield from parts[-1:]


@cache
def country_code(text: str) -> str | None:
    """The two-letter ISO code for a country's code or name, in whatever case; None for any other text."""
    if text.upper() == "UK":
        return "GB"
    try:
        return str(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        return None


@cache
def regions() -> Regions:
    """The facts that the project ships, read once."""
    continents = {row["country"]: row["continent"] for row in fact_rows("continents.csv")}
    lists = {row["list"]: row for row in fact_rows("region_lists.csv")}
    listed = {
        (row["provider"], row["region"]): _listed(row, lists[row["list"]], continents[row["country"]])
        for row in fact_rows("regions.csv")
    }
    old_names = {(row["provider"], row["old_name"]): row["region"] for row in fact_rows("old_region_names.csv")}
    return Regions(listed, old_names, continents)


def _listed(row: Mapping[str, str], source: Mapping[str, str], continent: str) -> Place:
    return Place(row["region"], row["name"], row["country"], continent, source["source"], source["checked_on"])
