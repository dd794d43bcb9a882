"""The rows of one instance type and region, combined to one offer, or held back where they contradict each other.

Each row of a price list may state another price of the offer.  Of a marketplace's listings, the cheapest that is for
rent is kept for all of them.  The order of the rows makes no difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from scrapers.normalised import COLUMNS, HeldBack, NormalisedOffer
from scrapers.offer import Key

_BEST_FIRST = ("available", "limited", "waitlist", "contact_sales", "sold_out", "deprecated")
_JOINED = tuple(
    column.name
    for column in fields(NormalisedOffer)
    if column.name not in ("offers_merged", "kept_prices", "availability_status", "availability_stated")
)


@dataclass(slots=True)
class Combined:
    """The offers, and the rows held back.

    `joined` counts the rows that state a further price of an offer or repeat one, `merged` the listings that are more
    expensive than the one kept.
    """

    offers: list[NormalisedOffer] = field(default_factory=list)
    held: list[HeldBack] = field(default_factory=list)
    joined: int = 0
    merged: int = 0


def combine(rows: list[NormalisedOffer], *, are_listings: bool) -> Combined:
    """One offer for each key; with `are_listings`, rows of one key are different machines, not prices of one."""
    combined = Combined()
    for alike in _groups(rows):
        found = _merged(alike) if are_listings else _joined(alike)
        if isinstance(found, NormalisedOffer):
            combined.offers.append(found)
            combined.merged += found.offers_merged - 1
            combined.joined += len(alike) - found.offers_merged
        else:
            combined.held += found
    return combined


def _groups(offers: list[NormalisedOffer]) -> list[list[NormalisedOffer]]:
    """The rows of each key, the cheapest on demand first, so that their order in the answer makes no difference."""
    by_key: dict[Key, list[NormalisedOffer]] = {}
    for offer in offers:
        by_key.setdefault(_identity(offer), []).append(offer)
    return [sorted(by_key[key], key=_cheapness) if len(by_key[key]) > 1 else by_key[key] for key in sorted(by_key)]


def _merged(listings: list[NormalisedOffer]) -> NormalisedOffer | list[HeldBack]:
    """The lowest price of each kind among a marketplace's listings for rent, and the number of all its listings."""
    if len(listings) == 1:
        return listings[0]
    clashing = _clashes(listings)
    if clashing:
        return clashing
    for_rent = _for_rent(listings)
    return replace(for_rent[0], **_cheapest_prices(for_rent), offers_merged=len(listings))


def _joined(rows: list[NormalisedOffer]) -> NormalisedOffer | list[HeldBack]:
    """The offer that the rows make: what one does not state is taken from the next that is for rent."""
    if len(rows) == 1:
        return rows[0]
    clashing = _clashes(rows) or _contradictions(rows)
    if clashing:
        return clashing
    for_rent = _for_rent(rows)
    said: dict[str, Any] = {name: _first(getattr(one, name) for one in for_rent) for name in _JOINED}
    said["price_ends"] = {column: end for one in reversed(for_rent) for column, end in one.price_ends.items()}
    is_stated = any(one.availability_stated for one in for_rent)
    return replace(for_rent[0], **said, availability_stated=is_stated)


def _for_rent(rows: list[NormalisedOffer]) -> list[NormalisedOffer]:
    """The rows with the best availability, in the order given."""
    best = min(_BEST_FIRST.index(one.availability_status) for one in rows)
    return [one for one in rows if _BEST_FIRST.index(one.availability_status) == best]


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _clashes(rows: list[NormalisedOffer]) -> list[HeldBack]:
    """All rows, held back, where they have different configurations."""
    configurations = {(one.gpu_slug, one.gpu_count, one.gpu_share, one.currency, one.price_basis) for one in rows}
    if len(configurations) == 1:
        return []
    return _all_held(rows, f"{len(configurations)} different GPUs, counts, currencies or price bases")


def _contradictions(rows: list[NormalisedOffer]) -> list[HeldBack]:
    """All rows, held back, where they state different prices of one kind."""
    for column in COLUMNS:
        prices = {getattr(one, f"original_{column}") for one in rows} - {None}
        if len(prices) > 1:
            stated = " and ".join(f"{price.normalize():f}" for price in sorted(prices)[:3])
            return _all_held(rows, f"different values of {column}: {stated}")
    return []


def _all_held(rows: list[NormalisedOffer], what: str) -> list[HeldBack]:
    detail = f'"{rows[0].instance_type}" in "{rows[0].region}" has {what}'
    return [HeldBack(one.instance_type, one.region, one.gpu_slug, "equal_keys", detail) for one in rows]


def _cheapest_prices(listings: list[NormalisedOffer]) -> dict[str, Any]:
    """The lowest price of each column, also in its original currency, and its end."""
    found: dict[str, Any] = {"price_ends": {}}
    for column in COLUMNS:
        stated = [one for one in listings if getattr(one, column) is not None]
        best = min(stated, key=lambda one: getattr(one, column), default=None)
        for name in (column, f"original_{column}"):
            found[name] = getattr(best, name) if best else None
        if best and column in best.price_ends:
            found["price_ends"][column] = best.price_ends[column]
    return found


def _identity(offer: NormalisedOffer) -> Key:
    return (offer.instance_type, offer.region)


def _cheapness(offer: NormalisedOffer) -> tuple[Any, ...]:
    """The price on demand, rounded and then exact, then the other prices; all other fields last, to break every tie."""
    prices = [getattr(offer, f"{form}{column}") for form in ("", "original_") for column in COLUMNS]
    rest = str([getattr(offer, name) for name in (*_JOINED, "availability_status", "availability_stated")])
    return (*(Decimal("Infinity") if price is None else price for price in prices), offer.instance_url or "", rest)
