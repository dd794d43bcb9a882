"""The clouds behind resellers' offers, by the names that the resellers write: `facts/upstream_clouds.csv`.

A name without a provider there is of a cloud that is not one of ours, or that the reseller does not tell (Prime
Intellect's "dc_roan", Shadeform's "excesssupply", Sesterce's "AZ_02").
"""

from collections.abc import Mapping
from functools import cache

from scrapers.fact_files import fact_rows


def upstream(reseller: str, name: str) -> str:
    """The cloud behind a reseller's offer: its slug where it is one of ours, else the name as written."""
    return cloud(reseller, name) or name


def cloud(reseller: str, name: str) -> str | None:
    """The slug of the provider that a reseller (by slug) calls so, in any case; None where it is none of ours."""
    return _clouds().get((reseller, name.casefold()))


@cache
def _clouds() -> Mapping[tuple[str, str], str]:
    rows = fact_rows("upstream_clouds.csv")
    return {(row["reseller"], row["name"].casefold()): row["provider"] for row in rows if row["provider"]}
