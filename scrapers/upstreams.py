"""The clouds behind resellers' offers, by the resellers' names for them: `facts/upstream_clouds.csv`.

A name without a provider there belongs to a cloud that is none of our providers, or that the reseller does not reveal
(Prime Intellect's "dc_roan", Shadeform's "excesssupply", Sesterce's "AZ_02").
"""

from collections.abc import Mapping
from functools import cache

from scrapers.fact_files import fact_rows


def upstream(reseller: str, name: str) -> str:
    """The cloud behind a reseller's offer: its slug where it is one of our providers, else the name as written."""
    return cloud(reseller, name) or name


def cloud(reseller: str, name: str) -> str | None:
    """The slug of the provider that a reseller (by slug) calls so, in whatever case; None where it is none of ours."""
    return _clouds().get((reseller, name.casefold()))


@cache
def _clouds() -> Mapping[tuple[str, str], str]:
    rows = fact_rows("upstream_clouds.csv")
    return {(row["reseller"], row["name"].casefold()): row["provider"] for row in rows if row["provider"]}
