"""GPU name -> variant slug (given the aliases), any price -> USD per instance-hour; pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

from scrapers.errors import ImplausibleOffers
from scrapers.names import Alias, GpuNames, Resolution, key
from scrapers.offer import Availability, Key, Offer, PriceBasis, PriceUnit, Provider
from scrapers.per_gpu import per_gpu_hour
from scrapers.regions import Regions, regions

__all__ = ["Alias", "GpuNames", "HeldBack", "Normalised", "NormalisedOffer", "Rate", "Rates", "Resolution"]
__all__ += ["UnknownCurrency", "UnmappedName", "key", "normalise", "per_gpu_hour", "without"]

_PER_HOUR: Mapping[PriceUnit, int] = {
    "instance_hour": 1,
    "instance_minute": 60,
    "instance_second": 3600,
    "gpu_hour": 1,
    "gpu_minute": 60,
    "gpu_second": 3600,
}
_COLUMNS = {  # field of Offer -> column, its scale, and what no longer fits
    "price": ("price_per_hour", Decimal("0.0001"), Decimal(10) ** 6),
    "price_spot": ("price_per_hour_spot", Decimal("0.0001"), Decimal(10) ** 6),
    "price_1y": ("price_per_hour_reserved_1y", Decimal("0.0001"), Decimal(10) ** 6),
    "price_3y": ("price_per_hour_reserved_3y", Decimal("0.0001"), Decimal(10) ** 6),
    "price_month": ("price_per_month", Decimal("0.01"), Decimal(10) ** 10),
}
COLUMNS = tuple(column for column, _, _ in _COLUMNS.values())
_SCALES = {column: (scale, limit) for column, scale, limit in _COLUMNS.values()}
_ORIGINAL_SCALE, _ORIGINAL_LIMIT = Decimal("0.000001"), Decimal(10) ** 10


@dataclass(frozen=True, slots=True)
class NormalisedOffer:
    """An offer as `cloudgpus.instances` keeps it.

    Prices are US dollars per instance-hour (`price_per_month`: per month) before tax; the `original_*`
    ones are the same in `currency`.  `exchange_rate` is US dollars per unit of `currency` on
    `exchange_rate_date`; 1 and None for dollars.  `offers_merged` counts the listings of a marketplace with this key
    (instance type, region), of which this is the cheapest.  `kept_prices` are columns whose stated price is held back:
    what stands there is kept.
    """

    gpu_slug: str
    instance_type: str
    region: str
    available_regions: tuple[str, ...]
    gpu_count: int
    gpu_share: Decimal
    price_per_hour: Decimal | None
    price_per_hour_spot: Decimal | None
    price_per_month: Decimal | None
    price_per_hour_reserved_1y: Decimal | None
    price_per_hour_reserved_3y: Decimal | None
    currency: str
    original_price_per_hour: Decimal | None
    original_price_per_hour_spot: Decimal | None
    original_price_per_month: Decimal | None
    original_price_per_hour_reserved_1y: Decimal | None
    original_price_per_hour_reserved_3y: Decimal | None
    exchange_rate: Decimal
    exchange_rate_date: date | None
    price_basis: PriceBasis
    size_stated: bool
    upstream: str | None
    availability_status: Availability
    availability_stated: bool
    instance_name: str | None
    instance_url: str | None
    vcpu_count: int | None
    ram_gb: Decimal | None
    storage_gb: int | None
    storage_type: str | None
    network_bandwidth_gbps: Decimal | None
    has_nvlink: bool | None
    has_infiniband: bool | None
    infiniband_bandwidth_gbps: int | None
    min_rental_hours: int | None
    billing_increment_seconds: int | None
    price_includes: Mapping[str, Any]
    raw_data: Any
    offers_merged: int = 1
    kept_prices: tuple[str, ...] = ()


_SAME = {column.name for column in fields(NormalisedOffer)} & set(Offer.model_fields) - {
    "available_regions",  # in an order of their own
    "ram_gb",  # rounded to what the database keeps
    "network_bandwidth_gbps",
}


_IN_STOCK = ("available", "limited", "waitlist", "contact_sales", "sold_out", "deprecated")  # best first
_JOINED = tuple(
    column.name
    for column in fields(NormalisedOffer)
    if column.name not in ("offers_merged", "kept_prices", "availability_status", "availability_stated")
)


class Rate(NamedTuple):
    """US dollars per unit of a currency on a day; the dollar itself has no day."""

    currency: str
    rate_date: date | None
    usd_per_unit: Decimal


class UnknownCurrency(ImplausibleOffers):
    """Prices in a currency without a rate on or before the day."""

    code = "unknown_currency"


class Rates:
    """Exchange rates by currency and day."""

    def __init__(self, rates: Iterable[tuple[str, date, Decimal]]) -> None:
        self._by_currency: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, rate_date, usd_per_unit in sorted(rates):
            self._by_currency.setdefault(currency, []).append((rate_date, usd_per_unit))

    def at(self, currency: str, on: date) -> Rate | None:
        """The last rate on or before the day; None where there is none."""
        if currency == "USD":
            return Rate("USD", None, Decimal(1))
        days = self._by_currency.get(currency, [])
        position = bisect_right(days, on, key=lambda day: day[0])
        return Rate(currency, *days[position - 1]) if position else None


@dataclass(frozen=True, slots=True)
class UnmappedName:
    """A GPU name that means no known GPU: how many offers have it, the rule that said so, and the offers' keys."""

    gpu_name: str
    gpu_memory_gb: Decimal | None
    example_instance_type: str
    offers: int
    rule: str
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An offer that is not published: `rule` names what caught it, `detail` has the figures.

    `prices` are US dollars per GPU-hour by column, for a rule that an agreeing answer or an editor may overrule;
    `since` is when they were first held back.  With `columns` only those prices are, and the others published.
    """

    instance_type: str
    region: str
    gpu_slug: str
    rule: str
    detail: str
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    since: datetime | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Normalised:
    """A provider's comparable offers, and what did not become one.

    `joined` counts the rows that state a further price of an offer, or repeat one; `merged` the listings of a
    marketplace that are dearer than the one that stands for them; `odd_prices` are single prices that can't be right.
    """

    offers: list[NormalisedOffer]
    unmapped: list[UnmappedName]
    held: list[HeldBack] = field(default_factory=list)
    joined: int = 0
    merged: int = 0
    odd_prices: list[HeldBack] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many rows the answer had: stored, joined, merged, of unknown names and held back."""
        known = len(self.offers) + self.joined + self.merged
        return known + sum(name.offers for name in self.unmapped) + len(self.held)


_ANYBODY = Provider("offers", "Offers", "")


def normalise(
    offers: Iterable[Offer],
    names: GpuNames,
    rates: Rates,
    on: date,
    provider: Provider = _ANYBODY,
    places: Regions | None = None,
) -> Normalised:
    """Offers in USD per instance-hour, one for each instance type and region, whatever the order of the rows.

    `on` is the day whose exchange rates hold; `places` are those that the project ships, unless told.  A region's old
    name becomes its present one; a row in a region that is not on the provider's complete list is held back.  Rows of
    one key are put together: each may state another price.  Of a marketplace's listings the cheapest for rent stands
    for all; elsewhere rows that state different prices of one kind are held back, as are those that disagree on the
    GPU, a price too small or too large for the database, and one in a currency without a rate.  Raises UnknownCurrency,
    naming the provider, where no row has one with a rate.
    """
    resolve, places = cache(names.resolve), places or regions()
    known: list[NormalisedOffer] = []
    unknown: list[tuple[Offer, str]] = []
    held: list[HeldBack] = []
    odd: list[HeldBack] = []
    for offer in (_in_present_regions(offer, provider, places) for offer in offers):
        meaning = resolve(offer.gpu_name, offer.gpu_memory_gb, offer.gpu_share, plain_is_sxm=not provider.sxm_named)
        if meaning.slug is None:
            unknown.append((offer, meaning.rule))
            continue
        if not _is_known(offer.region, provider, places):
            held.append(_in_no_region(offer, meaning.slug, provider))
            continue
        rate = rates.at(offer.currency, on)
        if rate is None:
            held.append(_without_rate(offer, meaning.slug, on))
            continue
        converted, prices = _converted(offer, meaning.slug, rate)
        if converted:
            known.append(converted)
            odd += prices
        else:
            held.append(replace(prices[0], columns=()))
    without_rate = [one.detail for one in held if one.rule == "unknown_currency"]
    if without_rate and not known:
        raise UnknownCurrency(provider.slug, without_rate[0])
    groups = _groups(known)
    put_together = [_merged(rows) if provider.source_class == "marketplace_api" else _joined(rows) for rows in groups]
    whole = [one for one in put_together if isinstance(one, NormalisedOffer)]
    clashing = [one for one in put_together if not isinstance(one, NormalisedOffer)]
    rows = len(known) - sum(map(len, clashing))
    merged = sum(offer.offers_merged - 1 for offer in whole)
    return Normalised(
        whole,
        _counted(unknown),
        held + [one for several in clashing for one in several],
        joined=rows - len(whole) - merged,
        merged=merged,
        odd_prices=odd,
    )


class _DoesNotFit(Exception):
    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule


def _converted(offer: Offer, slug: str, rate: Rate) -> tuple[NormalisedOffer | None, list[HeldBack]]:
    """The offer in US dollars, without the prices that can't be right; None where no price is left."""
    prices: dict[str, Any] = {}
    odd: list[HeldBack] = []
    for stated, (column, _, _) in _COLUMNS.items():
        amount = _per_instance(offer, stated)
        rule, reason = "unreadable", offer.odd_prices.get(stated, "")
        try:
            prices |= _both(column, amount, rate)
        except _DoesNotFit as error:
            prices |= {column: None, f"original_{column}": None}
            rule, reason = error.rule, str(error)
        if reason:
            detail = f'"{offer.instance_type}": {reason}'
            odd.append(HeldBack(offer.instance_type, offer.region, slug, rule, detail, columns=(column,)))
    if odd and not any(prices.values()):
        return None, odd
    return _of_prices(offer, slug, rate, prices), odd


def _both(column: str, amount: Decimal | None, rate: Rate) -> dict[str, Decimal | None]:
    """A price in US dollars and as charged.  Raises _DoesNotFit for one that the database can't keep."""
    if amount is None:
        return {column: None, f"original_{column}": None}
    scale, limit = _SCALES[column]
    original = f"original_{column}"
    return {
        column: _rounded(column, amount * rate.usd_per_unit, scale, limit),
        original: _rounded(original, amount, _ORIGINAL_SCALE, _ORIGINAL_LIMIT),
    }


def _of_prices(offer: Offer, slug: str, rate: Rate, prices: Mapping[str, Any]) -> NormalisedOffer:
    return NormalisedOffer(
        gpu_slug=slug,
        exchange_rate=rate.usd_per_unit,
        exchange_rate_date=rate.rate_date,
        availability_status=offer.availability or "available",
        availability_stated=offer.availability is not None,
        available_regions=tuple(sorted(set(offer.available_regions))),
        ram_gb=_two_places(offer.ram_gb),
        network_bandwidth_gbps=_two_places(offer.network_bandwidth_gbps),
        raw_data=offer.raw,
        **{name: getattr(offer, name) for name in _SAME},
        **prices,
    )


def _per_instance(offer: Offer, stated: str) -> Decimal | None:
    """In the offer's currency, per instance-hour (per month: as it is), exact."""
    amount: Decimal | None = getattr(offer, stated)
    if amount is None or stated == "price_month":
        return amount
    gpus = offer.gpu_count * offer.gpu_share if offer.price_unit.startswith("gpu_") else 1
    return amount * _PER_HOUR[offer.price_unit] * gpus


def _rounded(column: str, amount: Decimal, scale: Decimal, limit: Decimal) -> Decimal:
    if amount >= limit - scale:
        raise _DoesNotFit("too_large", f"{column} {amount:.10g} is more than the {limit:f} that can be stored")
    rounded = amount.quantize(scale, ROUND_HALF_UP)
    if not rounded:
        raise _DoesNotFit("rounds_to_zero", f"{column} {amount:.3g} is less than the {scale:f} that can be stored")
    return rounded


def _two_places(amount: Decimal | None) -> Decimal | None:
    return amount and (amount.quantize(Decimal("0.01"), ROUND_HALF_UP) or None)


def _is_known(region: str, provider: Provider, places: Regions) -> bool:
    """Whether the region may exist: where the list is not complete, any may."""
    return not region or not places.is_complete(provider.slug) or places.place(provider.slug, region) is not None


def _in_no_region(offer: Offer, slug: str, provider: Provider) -> HeldBack:
    listed = f"no region of {provider.name} and none of its old names; add it to scrapers/facts/regions.csv"
    detail = f'"{offer.instance_type}" in "{offer.region}", which is {listed}'
    return HeldBack(offer.instance_type, offer.region, slug, "unknown_region", detail)


def _without_rate(offer: Offer, slug: str, on: date) -> HeldBack:
    detail = f'"{offer.instance_type}": no exchange rate of "{offer.currency}" on or before {on}'
    return HeldBack(offer.instance_type, offer.region, slug, "unknown_currency", detail)


def _in_present_regions(offer: Offer, provider: Provider, places: Regions) -> Offer:
    """The offer with its regions' present names."""
    if not offer.region and not offer.available_regions:
        return offer
    region = places.code(provider.slug, offer.region)
    available = tuple(places.code(provider.slug, one) for one in offer.available_regions)
    if (region, available) == (offer.region, offer.available_regions):
        return offer
    return offer.model_copy(update={"region": region, "available_regions": available})


def _groups(offers: list[NormalisedOffer]) -> list[list[NormalisedOffer]]:
    """The rows of each key, those on demand first and cheapest, so that no answer's order decides."""
    by_key: dict[Key, list[NormalisedOffer]] = {}
    for offer in offers:
        by_key.setdefault(_identity(offer), []).append(offer)
    return [sorted(by_key[key], key=_cheapness) if len(by_key[key]) > 1 else by_key[key] for key in sorted(by_key)]


def _merged(listings: list[NormalisedOffer]) -> NormalisedOffer | list[HeldBack]:
    """The cheapest for rent of a marketplace's listings, price by price, with the number of all."""
    if len(listings) == 1:
        return listings[0]
    clashing = _clashes(listings)
    if clashing:
        return clashing
    for_rent = _for_rent(listings)
    return replace(for_rent[0], **_cheapest_prices(for_rent), offers_merged=len(listings))


def _joined(rows: list[NormalisedOffer]) -> NormalisedOffer | list[HeldBack]:
    """The offer that rows of one key make together: what one does not say is taken from the next that is for rent."""
    if len(rows) == 1:
        return rows[0]
    clashing = _clashes(rows) or _contradictions(rows)
    if clashing:
        return clashing
    for_rent = _for_rent(rows)
    said: dict[str, Any] = {name: _first(getattr(one, name) for one in for_rent) for name in _JOINED}
    is_stated = any(one.availability_stated for one in for_rent)
    return replace(for_rent[0], **said, availability_stated=is_stated)


def _for_rent(rows: list[NormalisedOffer]) -> list[NormalisedOffer]:
    """The rows that are best in stock, in the order that they have."""
    best = min(_IN_STOCK.index(one.availability_status) for one in rows)
    return [one for one in rows if _IN_STOCK.index(one.availability_status) == best]


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _clashes(rows: list[NormalisedOffer]) -> list[HeldBack]:
    """All rows held back where they are not of one configuration."""
    configurations = {(one.gpu_slug, one.gpu_count, one.gpu_share, one.currency, one.price_basis) for one in rows}
    if len(configurations) == 1:
        return []
    return _held_together(rows, f"{len(configurations)} configurations of GPUs, currencies or kinds of price")


def _contradictions(rows: list[NormalisedOffer]) -> list[HeldBack]:
    """All rows held back where they state different prices of one kind."""
    for column, _, _ in _COLUMNS.values():
        prices = {getattr(one, f"original_{column}") for one in rows} - {None}
        if len(prices) > 1:
            stated = " and ".join(f"{price.normalize():f}" for price in sorted(prices)[:3])
            return _held_together(rows, f"a {column} of {stated} at once")
    return []


def _held_together(rows: list[NormalisedOffer], what: str) -> list[HeldBack]:
    detail = f'"{rows[0].instance_type}" in "{rows[0].region}" stands for {what}'
    return [HeldBack(one.instance_type, one.region, one.gpu_slug, "equal_keys", detail) for one in rows]


def _cheapest_prices(listings: list[NormalisedOffer]) -> dict[str, Any]:
    """Each column's lowest price, with what it is in the currency charged."""
    found: dict[str, Any] = {}
    for column, _, _ in _COLUMNS.values():
        stated = [one for one in listings if getattr(one, column) is not None]
        best = min(stated, key=lambda one: getattr(one, column), default=None)
        for name in (column, f"original_{column}"):
            found[name] = getattr(best, name) if best else None
    return found


def without(offer: NormalisedOffer, columns: Iterable[str], *, kept: bool = False) -> NormalisedOffer:
    """The offer without its prices in these columns; with `kept`, what is stored there stands."""
    gone = tuple(columns)
    nothing: dict[str, Any] = dict.fromkeys((*gone, *(f"original_{column}" for column in gone)))
    return replace(offer, **nothing, kept_prices=(*offer.kept_prices, *gone) if kept else offer.kept_prices)


def _identity(offer: NormalisedOffer) -> Key:
    return (offer.instance_type, offer.region)


def _cheapness(offer: NormalisedOffer) -> tuple[Any, ...]:
    """On demand first; everything else an offer says last, so that no answer's order decides."""
    prices = [getattr(offer, column) for column, _, _ in _COLUMNS.values()]
    rest = str([getattr(offer, name) for name in (*_JOINED, "availability_status", "availability_stated")])
    return (*(Decimal("Infinity") if price is None else price for price in prices), offer.instance_url or "", rest)


def _counted(unknown: list[tuple[Offer, str]]) -> list[UnmappedName]:
    found: dict[tuple[str, Decimal | None], list[tuple[Offer, str]]] = {}
    for offer, rule in unknown:
        found.setdefault((offer.gpu_name, offer.gpu_memory_gb), []).append((offer, rule))
    return [
        UnmappedName(*name, offers[0][0].instance_type, len(offers), offers[0][1], _keys(offers))
        for name, offers in found.items()
    ]


def _keys(offers: list[tuple[Offer, str]]) -> tuple[Key, ...]:
    return tuple((offer.instance_type, offer.region) for offer, _ in offers)
