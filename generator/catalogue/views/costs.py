"""What a month costs with storage and traffic: summed only where every part is known."""

from decimal import Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.catalogue.views.rental import Rental, TermsByField, billed_hours, running, sent, stored
from generator.catalogue.views.terms import rental_terms
from generator.model.blocks import CostLine, MonthlyCost, MonthlyCosts, ScenarioLine, SellerFloor
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH

SCENARIO_HOURS = (8, 168, HOURS_PER_MONTH)
_MONTH = Rental(HOURS_PER_MONTH, storage_gb=500, egress_gb=1000)
_HALF = _MONTH._replace(hours=HOURS_PER_MONTH // 2, stopped_hours=HOURS_PER_MONTH // 2)
_OF_COST = {"storage_running", "egress", "egress_included", "compute_stopped"}


@view
def monthly_costs(catalogue: Catalogue, slug: str) -> MonthlyCosts | None:
    """A month of one GPU in a provider's cheapest ranked on-demand offer: running all the time, and half of it.

    None without such an offer, or where nothing is known of the other costs.
    """
    terms = rental_terms(catalogue, slug)
    if not terms.keys() & _OF_COST:
        return None
    offer = _cheapest(catalogue, slug)
    if offer is None:
        return None
    price = offer.price_per_gpu_hour or Decimal(0)
    return MonthlyCosts(
        gpu=gpu_link(catalogue, offer.gpu_slug),
        instance_type=offer.instance_type,
        gpu_count=offer.gpu_count,
        price_per_gpu_hour=price,
        costs=(_cost("Running all month", price, terms, _MONTH), _cost("Stopped half the time", price, terms, _HALF)),
    )


@view
def scenarios(catalogue: Catalogue, gpu_slug: str) -> tuple[ScenarioLine, ...]:
    """What one GPU costs for each of `SCENARIO_HOURS` at the providers where that is known, cheapest month first."""
    lines = []
    for floor in seller_floors(catalogue, gpu_slug):
        extras = _extras(catalogue, floor.provider)
        link = provider_link(catalogue, floor.provider)
        if link and extras:
            (hours, others), price = extras, floor.price_per_gpu_hour
            totals = tuple(price * billed + other for billed, other in zip(hours, others, strict=True))
            lines.append(ScenarioLine(link, price, totals))
    return tuple(sorted(lines, key=lambda line: (line.totals[-1], line.provider.text)))


@view
def seller_floors(catalogue: Catalogue, gpu_slug: str) -> tuple[SellerFloor, ...]:
    """Each provider's lowest ranked price of a GPU on demand, by provider."""
    return tuple(
        SellerFloor(
            floor.provider_slug,
            floor.floor,
            tuple(n for n, price in zip(floor.gpu_counts, floor.count_floors, strict=True) if price == floor.floor),
        )
        for floor in catalogue.floors_by_gpu.get(gpu_slug, ())
        if floor.pricing_type == "on_demand"
    )


@view
def _extras(catalogue: Catalogue, slug: str) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]] | None:
    """For each of `SCENARIO_HOURS`, the hours that a provider bills, and what it charges for storage and traffic.

    None where storage or traffic is not known.
    """
    terms = rental_terms(catalogue, slug)
    rentals = [_MONTH._replace(hours=hours) for hours in SCENARIO_HOURS]
    others = [(stored(terms, rental).amount, sent(terms, rental).amount) for rental in rentals]
    known = tuple(disk + traffic for disk, traffic in others if disk is not None and traffic is not None)
    return (tuple(billed_hours(hours, terms) for hours in SCENARIO_HOURS), known) if len(known) == len(others) else None


def _cheapest(catalogue: Catalogue, slug: str) -> OfferRow | None:
    offers = catalogue.offers_by_provider.get(slug, [])
    ranked = [
        offer
        for offer in offers
        if offer.ranks_as("on_demand") and offer.price_per_gpu_hour and catalogue.gpus[offer.gpu_slug].kind == "variant"
    ]
    return min(ranked, key=lambda offer: (offer.price_per_gpu_hour, offer.gpu_count, offer.id), default=None)


def _cost(title: str, price: Decimal, terms: TermsByField, rental: Rental) -> MonthlyCost:
    lines: tuple[CostLine, ...] = (running(price, terms, rental), stored(terms, rental), sent(terms, rental))
    missing = tuple(line.what for line in lines if line.amount is None)
    total = None if missing else sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    return MonthlyCost(title, lines, total, missing)
