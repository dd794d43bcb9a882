"""What a month costs with storage and traffic: summed only where every part is known."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import OfferRow, TermRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.catalogue.views.terms import LABELS, term_rows
from generator.formats import exact
from generator.model.blocks import CostLine, MonthlyCost, MonthlyCosts, ScenarioLine
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH

STORAGE_GB = 500
EGRESS_GB = 1000
SCENARIO_HOURS = (8, 168, HOURS_PER_MONTH)
_HALF = HOURS_PER_MONTH // 2
_SHOWN = Decimal("0.0000001")

TermsByField = Mapping[str, TermRow]


@view
def monthly_costs(catalogue: Catalogue, slug: str) -> MonthlyCosts | None:
    """A month of one GPU in a provider's cheapest ranked on-demand offer: running all the time, and half of it.

    None without such an offer, or where nothing is known of the other costs.
    """
    terms = term_rows(catalogue, slug)
    if not terms.keys() & {"storage_running", "egress", "egress_included", "compute_stopped"}:
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
        costs=(
            _cost("Running all month", _running(price, HOURS_PER_MONTH), _stored(terms), _sent(terms)),
            _cost("Stopped half the time", _half_on(price, terms), _half_stored(terms), _sent(terms)),
        ),
    )


@view
def scenarios(catalogue: Catalogue, gpu_slug: str) -> tuple[ScenarioLine, ...]:
    """What one GPU costs for each of `SCENARIO_HOURS` at the providers where that is known, cheapest month first."""
    lines = []
    for floor in catalogue.floors_by_gpu.get(gpu_slug, []):
        if floor.pricing_type != "on_demand":
            continue
        storage, traffic = _extras(catalogue, floor.provider_slug)
        link = provider_link(catalogue, floor.provider_slug)
        if link and storage is not None and traffic is not None:
            totals = (floor.floor * hours + storage * hours / HOURS_PER_MONTH + traffic for hours in SCENARIO_HOURS)
            lines.append(ScenarioLine(link, floor.floor, tuple(totals)))
    return tuple(sorted(lines, key=lambda line: (line.totals[-1], line.provider.text)))


@view
def _extras(catalogue: Catalogue, slug: str) -> tuple[Decimal | None, Decimal | None]:
    """What a provider charges for a month of storage, and for traffic; None where that is not known."""
    terms = term_rows(catalogue, slug)
    return _stored(terms).amount, _sent(terms).amount


def _cheapest(catalogue: Catalogue, slug: str) -> OfferRow | None:
    offers = catalogue.offers_by_provider.get(slug, [])
    ranked = [
        offer
        for offer in offers
        if offer.ranks_as("on_demand") and offer.price_per_gpu_hour and catalogue.gpus[offer.gpu_slug].kind == "variant"
    ]
    return min(ranked, key=lambda offer: (offer.price_per_gpu_hour, offer.gpu_count, offer.id), default=None)


def _cost(title: str, *lines: CostLine) -> MonthlyCost:
    missing = tuple(line.what for line in lines if line.amount is None)
    total = None if missing else sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    return MonthlyCost(title, lines, total, missing)


def _running(price: Decimal, hours: int) -> CostLine:
    return CostLine("GPU", f"{hours} h × {exact(price.quantize(_SHOWN, ROUND_HALF_UP))}", hours * price)


def _half_on(price: Decimal, terms: TermsByField) -> CostLine:
    term = terms.get("compute_stopped")
    if term is None:
        return _unknown("GPU", "compute_stopped")
    if term.word == "not billed":
        return _running(price, _HALF)
    full = _running(price, HOURS_PER_MONTH)
    return CostLine(full.what, f"{full.sum}: stopped hours are billed in full", full.amount)


def _stored(terms: TermsByField) -> CostLine:
    what, term = f"{STORAGE_GB} GB of storage", terms.get("storage_running")
    return _gigabytes(what, "storage_running", term, HOURS_PER_MONTH)


def _half_stored(terms: TermsByField) -> CostLine:
    what = f"{STORAGE_GB} GB of storage"
    running, stopped = terms.get("storage_running"), terms.get("storage_stopped")
    if stopped is not None and stopped.word == "as running":
        return _stored(terms)
    on = _gigabytes(what, "storage_running", running, _HALF)
    if stopped is not None and stopped.word == "not billed":
        return on
    off = _gigabytes(what, "storage_stopped", stopped, _HALF)
    if on.amount is None or off.amount is None:
        return on if on.amount is None else off
    return CostLine(what, f"{on.sum} + {off.sum}", on.amount + off.amount)


def _gigabytes(what: str, field: str, term: TermRow | None, hours: int) -> CostLine:
    if term is None or term.usd is None:
        return _unknown(what, field, term)
    if term.unit == "per GB-hour":
        return CostLine(what, f"{STORAGE_GB} GB × {hours} h × {exact(term.usd)}", STORAGE_GB * hours * term.usd)
    months = Decimal(hours) / HOURS_PER_MONTH
    part = "" if months == 1 else " × ½ month"
    return CostLine(what, f"{STORAGE_GB} GB × {exact(term.usd)}{part}", STORAGE_GB * term.usd * months)


def _sent(terms: TermsByField) -> CostLine:
    what, term, included = "1 TB out", terms.get("egress"), terms.get("egress_included")
    if included is not None and included.value is not None and included.value >= EGRESS_GB:
        return CostLine(what, f"within the {included.value.normalize():,f} GB included", Decimal(0))
    if term is None or term.usd is None:
        return _unknown(what, "egress", term)
    if term.usd and included is not None and included.value is None:
        return _unknown(what, "egress_included", included)
    free = Decimal(0) if included is None or included.value is None else included.value
    billed = EGRESS_GB - free
    amount = f"{EGRESS_GB:,}" if not free else f"({EGRESS_GB:,} − {free.normalize():f})"
    return CostLine(what, f"{amount} GB × {exact(term.usd)}", billed * term.usd)


def _unknown(what: str, field: str, term: TermRow | None = None) -> CostLine:
    label = LABELS[field].lower().replace("gpu", "GPU")
    why = {"by host": "set by each host", "by plan": "depends on the plan"}.get((term and term.word) or "", "not known")
    return CostLine(what, f"{label}: {why}", None)
