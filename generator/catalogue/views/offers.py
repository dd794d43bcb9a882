"""Offers as rows of a table: one row for an instance type at a provider, regions of one price combined."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter, itemgetter
from typing import NamedTuple

from generator import urls
from generator.catalogue.catalogue import Catalogue, midnight
from generator.catalogue.list_rows import PriceStepRow
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.catalogue.views.answers import path_of
from generator.catalogue.views.gpus import gpu_link, stats, unstated_offers
from generator.catalogue.views.scheduled import offer_until
from generator.catalogue.views.traits import traits
from generator.labels import AVAILABILITY
from generator.model.blocks import Link
from generator.model.offer_table import STALE, OfferLine, OfferSection, OnScale, Subject
from generator.model.page_size import MARKUP_BYTES, cheapest_of_each, fitting

Price = Callable[[OfferRow], Decimal | None]
Prices = tuple[Decimal | None, ...]
PricingTypes = tuple[str, ...]
_ProductKey = tuple[str, str, str, int, Decimal, str, bool, Prices, tuple[str, ...]]  # the last are its flags

_UNSTATED = "form-factor-not-stated"
_UNSTATED_TABLES = {
    "on_demand": (_UNSTATED, "Form factor not stated"),
    "spot": (f"{_UNSTATED}-spot", "Form factor not stated: spot"),
    "reserved": (f"{_UNSTATED}-reserved", "Form factor not stated: reserved and monthly"),
}
OFFERS_BYTES = 130_000  # of a page's 190 kB; the rest is for charts, terms, comparisons
_MOST_LINES = OFFERS_BYTES // MARKUP_BYTES
_BY_PRICE = itemgetter(0, 1)
_SUBJECTS: Mapping[Subject, Callable[[OfferRow], str]] = {
    "provider": lambda offer: offer.provider_slug,
    "GPU": lambda offer: offer.gpu_slug,
}

_DISPUTED = "disputed: not found again at its source"
_UNAVAILABLE = {"waitlist", "sold_out", "contact_sales", "deprecated"}
_ON_DEMAND, _SPOT, _RESERVED = ("on_demand",), ("spot",), ("monthly", "reserved_1y", "reserved_3y")
_BASIS_FLAGS = {
    "gpu_only": "GPU only: host billed separately",
    "bundle": "bundle",
}


class Seller(NamedTuple):
    """A provider as its offers show it; `out_url` is where to buy, unless an offer has an address of its own."""

    link: Link
    out_url: str | None
    is_affiliate: bool


class _Product(NamedTuple):
    """An instance type at a provider, its price in some regions, and the flags that keep it unranked.

    `best` is the offer in the first of the regions.
    """

    seller: Seller
    flags: tuple[str, ...]
    pricing_types: PricingTypes
    best: OfferRow
    least: Decimal
    regions: tuple[str, ...]
    places: tuple[str, ...]


class _Table(NamedTuple):
    """A section before it is cut to what fits on the page."""

    anchor: str
    title: str
    note: str
    column: str
    products: list[_Product]


@view
def gpu_sections(catalogue: Catalogue, slug: str) -> tuple[OfferSection, ...]:
    """A GPU's offers on demand, spot and reserved, and those that name only its chip; each cheapest first.

    A page shows what fits: each provider's cheapest offer, then the cheapest of all.
    """
    tables, unstated = _tables(catalogue, catalogue.offers_by_gpu.get(slug, [])), catalogue.gpus[slug].chip
    return _sections(catalogue, [*tables, *_unstated_tables(catalogue, unstated)], "provider")


@view
def provider_sections(catalogue: Catalogue, slug: str) -> tuple[OfferSection, ...]:
    """A provider's offers by pricing type: what fits on a page, each GPU's cheapest, then the cheapest of all."""
    return _sections(catalogue, _tables(catalogue, catalogue.offers_by_provider.get(slug, [])), "GPU")


@view
def configuration_sections(catalogue: Catalogue, provider: str, gpu: str) -> tuple[OfferSection, ...]:
    """A provider's offers of one GPU by pricing type, each region in a line of its own."""
    offers = [offer for offer in catalogue.offers_by_provider.get(provider, []) if offer.gpu_slug == gpu]
    return _sections(catalogue, _tables(catalogue, offers, are_apart=True), "GPU")


def cheapest_lines(
    catalogue: Catalogue, offers: Iterable[OfferRow], pricing_type: str, notes: Callable[[OfferRow], tuple[str, ...]]
) -> tuple[OfferLine, ...]:
    """Each provider's cheapest ranked offer of one pricing type, cheapest first, with notes in place of its flags."""
    products = _products(catalogue, offers, _PRICES[pricing_type], (pricing_type,))
    best: dict[str, _Product] = {}
    for product in products:
        if not product.flags:
            best.setdefault(product.best.provider_slug, product)
    return _lines(catalogue, [product._replace(flags=notes(product.best)) for product in best.values()])


@view
def unstated_sections(catalogue: Catalogue, chip: str) -> tuple[OfferSection, ...]:
    """The tables of offers that name a chip but not its form factor, as far as they fit on a page; empty for none."""
    return _sections(catalogue, _unstated_tables(catalogue, chip), "provider")


def _on_demand(offer: OfferRow) -> Decimal | None:
    return offer.price_per_gpu_hour


def _spot(offer: OfferRow) -> Decimal | None:
    return offer.price_per_gpu_hour_spot


def reserved(offer: OfferRow) -> Decimal | None:
    """The lowest of the prices for a commitment."""
    stated = (
        offer.price_per_gpu_hour_reserved_1y,
        offer.price_per_gpu_hour_reserved_3y,
        offer.price_per_gpu_hour_monthly,
    )
    return min([price for price in stated if price is not None], default=None)


_SECTIONS: tuple[tuple[str, str, str, str, Price, PricingTypes], ...] = (
    ("on-demand", "On demand", "Pay for what you use, stop at any time.", "on_demand", _on_demand, _ON_DEMAND),
    (
        "spot",
        "Spot and interruptible",
        "Usually cheaper; the provider can interrupt the machine.",
        "spot",
        _spot,
        _SPOT,
    ),
    ("reserved", "Reserved and monthly", "With a commitment of a month or longer.", "reserved", reserved, _RESERVED),
)
_PRICES: Mapping[str, Price] = {"on_demand": _on_demand, "spot": _spot}
_OF_TYPE: Mapping[PricingTypes, Callable[[OfferRow], Prices]] = {
    _ON_DEMAND: attrgetter("price_per_gpu_hour", "original_price_per_hour"),
    _SPOT: attrgetter("price_per_gpu_hour_spot", "original_price_per_hour_spot"),
    _RESERVED: attrgetter(
        "price_per_gpu_hour_reserved_1y", "price_per_gpu_hour_reserved_3y", "price_per_gpu_hour_monthly"
    ),
}

_PER_MACHINE: Mapping[PricingTypes, Callable[[OfferRow], Prices]] = {
    _ON_DEMAND: attrgetter("price_per_hour", "original_price_per_hour"),
    _SPOT: attrgetter("price_per_hour_spot", "original_price_per_hour_spot"),
}


def _tables(catalogue: Catalogue, offers: Sequence[OfferRow], *, are_apart: bool = False) -> list[_Table]:
    """A table for each pricing type in which something has a price; `are_apart`: with each region in its own line."""
    tables = []
    for anchor, title, note, column, price, types in _SECTIONS:
        if products := _products(catalogue, offers, price, types, are_apart=are_apart):
            tables.append(_Table(anchor, title, note, column, products))
    return tables


def _unstated_tables(catalogue: Catalogue, chip: str | None) -> list[_Table]:
    """The offers that name only the chip, in a table for each pricing type in which one has a price; [] for none."""
    note = "These providers name the chip but not its form factor, so their prices count towards no variant."
    tables = _tables(catalogue, unstated_offers(catalogue, chip))
    return [_Table(*_UNSTATED_TABLES[table.column], note, table.column, table.products) for table in tables]


def _products(
    catalogue: Catalogue, offers: Iterable[OfferRow], price: Price, types: PricingTypes, *, are_apart: bool = False
) -> list[_Product]:
    """The products that have a price, one for each line, cheapest first; what is not ranked comes last.

    Regions are combined in one line where price and stock are the same, unless `are_apart`; never one that ranks with
    one that doesn't.
    """
    prices = _OF_TYPE[types]
    groups: dict[_ProductKey, list[tuple[Decimal, str, OfferRow]]] = {}
    for offer in offers:
        if (amount := price(offer)) is not None:
            machine = f"{offer.instance_type} {offer.region}" if are_apart else offer.instance_type
            own = (offer.provider_slug, offer.gpu_slug, machine, offer.gpu_count, offer.gpu_share)
            stock = (offer.availability_status, offer.availability_stated)
            key = (*own, *stock, prices(offer), _flags(catalogue, offer, types))
            groups.setdefault(key, []).append((amount, offer.region, offer))
    found = [(_product(catalogue, key, types, regions), key) for key, regions in groups.items()]
    found.sort(key=_order)
    return [product for product, _ in found]


def _product(
    catalogue: Catalogue, key: _ProductKey, types: PricingTypes, regions: list[tuple[Decimal, str, OfferRow]]
) -> _Product:
    regions.sort(key=_BY_PRICE)
    least, _, best = regions[0]
    seller, offers = seller_of(catalogue, best.provider_slug), [offer for _, _, offer in regions]
    named = dict.fromkeys(name for offer in offers for name in _regions(offer))
    places = sorted({place for offer in offers for place in offer.places})
    return _Product(seller, key[-1], types, best, least, tuple(named), tuple(places))


def _order(found: tuple[_Product, _ProductKey]) -> tuple[object, ...]:
    """By price, the ranked first; those of one price by provider, instance type and region."""
    product, key = found
    return bool(product.flags), product.least, product.seller.link.text, _type(product.best), key[:5], product.regions


def _regions(offer: OfferRow) -> Sequence[str]:
    return [offer.region] if offer.region else offer.available_regions


def _sections(catalogue: Catalogue, tables: Sequence[_Table], subject: Subject) -> tuple[OfferSection, ...]:
    """As much of the tables as fits on a page; lines that no page has room for are not made."""
    return fitting([_section(catalogue, table, subject) for table in tables], OFFERS_BYTES)


def _section(catalogue: Catalogue, table: _Table, subject: Subject) -> OfferSection:
    products = table.products
    subjects = [_SUBJECTS[subject](one.best) for one in products]
    if len(products) > _MOST_LINES:
        machines = [
            " ".join(map(str, (one.best.provider_slug, one.best.gpu_slug, _type(one.best)))) for one in products
        ]
        products = [products[place] for place in sorted(cheapest_of_each(subjects, machines)[:_MOST_LINES])]
    return OfferSection(
        *table[:4],
        lines=_lines(catalogue, products),
        subject=subject,
        subjects_n=len(set(subjects)),
        rows_n=len(subjects),
        is_aside=table.anchor.startswith(_UNSTATED),
    )


def _lines(catalogue: Catalogue, products: Sequence[_Product]) -> tuple[OfferLine, ...]:
    catalogue.read_ahead(sorted({product.best.provider_slug for product in products}), "answers")
    return tuple([_line(catalogue, product) for product in products])


def _line(catalogue: Catalogue, product: _Product) -> OfferLine:
    """An instance type with the regions that have its price."""
    seller, best = product.seller, product.best
    machine, stated = _machine_hour(product)
    return OfferLine(
        provider=seller.link,
        gpu=gpu_link(catalogue, best.gpu_slug),
        instance_type=_type(best),
        upstream=_upstream(catalogue, best),
        count=count_of(best),
        regions=product.regions,
        price_per_hour=machine if best.size_stated else None,
        price_per_gpu_hour=best.price_per_gpu_hour,
        price_per_gpu_hour_spot=best.price_per_gpu_hour_spot,
        price_per_gpu_hour_monthly=best.price_per_gpu_hour_monthly,
        price_per_gpu_hour_reserved_1y=best.price_per_gpu_hour_reserved_1y,
        price_per_gpu_hour_reserved_3y=best.price_per_gpu_hour_reserved_3y,
        original=original(best.currency, stated),
        vcpu_count=best.vcpu_count,
        ram_gb=best.ram_gb,
        availability=best.availability_status,
        availability_stated=best.availability_stated,
        confirmed_at=midnight(best.last_confirmed_at),
        freshness=best.freshness,
        is_recorded=best.is_recorded,
        flags=product.flags,
        ends=offer_until(catalogue, best, product.pricing_types),
        scale=on_scale(catalogue, best.gpu_slug, product.pricing_types, product.least),
        traits=_traits(catalogue, product),
        out_url=urls.outgoing(best.instance_url) if best.instance_url else seller.out_url,
        out_rel="nofollow sponsored" if seller.is_affiliate and not best.instance_url else "nofollow",
        evidence_url=urls.outgoing(best.origin_url if best.is_recorded else best.source_url),
        evidence_path=path_of(catalogue, best),
    )


def _machine_hour(product: _Product) -> Prices:
    """What the machine costs an hour, in dollars and as its provider states it; nothing with a commitment."""
    return _PER_MACHINE[product.pricing_types](product.best) if product.pricing_types in _PER_MACHINE else (None, None)


def _traits(catalogue: Catalogue, product: _Product) -> str:
    """What filters look for; besides, a price of which the page shows fewer digits, and that it is not ranked.

    With a commitment a line may have several prices, which are taken as they are shown.
    """
    is_exact = len(product.pricing_types) > 1 or product.least == round(product.least, 2)
    exact = "" if is_exact else f"p={product.least.normalize():f}"
    unranked = "rank=no" if product.flags else ""
    return " ".join(filter(None, (traits(catalogue, product.best, product.places), exact, unranked)))


def on_scale(catalogue: Catalogue, gpu: str, types: PricingTypes, price: Decimal) -> OnScale | None:
    """Where a price lies in the GPU's market; None where that has no two prices, and for those with a commitment."""
    market = stats(catalogue, gpu, types[0]) if len(types) == 1 else None
    if market is None or market.floor == market.ceiling:
        return None
    span = market.ceiling - market.floor
    at, median = (price - market.floor) / span, (market.median - market.floor) / span
    return OnScale(min(max(round(at, 2), Decimal(0)), Decimal(1)), round(median, 2))


@view
def seller_of(catalogue: Catalogue, slug: str) -> Seller:
    """A provider as its offers show it."""
    provider = catalogue.providers[slug]
    out_url = urls.outgoing(provider.affiliate_url or provider.pricing_url or provider.website_url)
    return Seller(Link(provider.display_name, urls.provider(slug)), out_url, bool(provider.affiliate_url))


def _type(offer: OfferRow) -> str:
    return offer.instance_name or offer.instance_type


def count_of(offer: OfferRow | PriceStepRow) -> str:
    """How many GPUs the machine has: "8", "1/8" for a share, "" where that is not stated."""
    if not offer.size_stated:
        return ""
    if offer.gpu_share == 1:
        return str(offer.gpu_count)
    return str(Fraction(offer.gpu_share).limit_denominator(64))


def original(currency: str, amount: Decimal | None) -> str:
    """The price as the provider states it, where that is not in US dollars: "EUR 6.62"."""
    return "" if currency == "USD" or amount is None else f"{currency} {amount.normalize():f}"


def _upstream(catalogue: Catalogue, offer: OfferRow) -> str:
    if not offer.upstream:
        return ""
    provider = catalogue.providers.get(offer.upstream)
    return provider.display_name if provider else offer.upstream


def _flags(catalogue: Catalogue, offer: OfferRow, types: PricingTypes) -> tuple[str, ...]:
    """Why an offer's prices of these types are not ranked, in words; nothing where one ranks."""
    if not offer.is_ranked:
        return _reasons(offer)
    if not (offer.outvoted_as or offer.disputed_as) or any(map(offer.ranks_as, types)):
        return ()
    if set(types) & set(offer.disputed_as):
        return (_DISPUTED,)
    return (f"counted at {_upstream(catalogue, offer)}",)


def _reasons(offer: OfferRow) -> tuple[str, ...]:
    """Why no price of an offer is ranked."""
    reasons = [_BASIS_FLAGS[offer.price_basis]] if offer.price_basis in _BASIS_FLAGS else []
    if offer.gpu_share < 1:
        reasons.append("share of a GPU")
    if offer.freshness == "aging":
        reasons.append(STALE[offer.is_recorded])
    if offer.disputed_as:
        reasons.append(_DISPUTED)
    if offer.availability_status in _UNAVAILABLE:
        reasons.append(AVAILABILITY[offer.availability_status].lower())
    return tuple(reasons) or ("recorded earlier" if offer.is_recorded else "uptime below 95%",)
