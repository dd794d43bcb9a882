"""What a rental costs: GPUs, storage and traffic, each with its sum in words.

`templates/assets/rental.js` does the same in the browser; one table of cases is tested against both
(`tests/generator/catalogue/views/rental_cases.json`).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from generator.catalogue.rows import TermRow
from generator.catalogue.views.terms import LABELS
from generator.formats import exact
from generator.model.blocks import CostLine
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH

TermsByField = Mapping[str, TermRow]
_SHOWN = Decimal("0.0000001")
_WHY = {"by host": "set by each host", "by plan": "depends on the plan"}


class Rental(NamedTuple):
    """GPUs that run for `hours` and are then stopped, GB stored all the time, and GB sent to the internet."""

    hours: int
    gpus: int = 1
    storage_gb: int = 0
    egress_gb: int = 0
    stopped_hours: int = 0


def billed_hours(hours: int, terms: TermsByField) -> Decimal:
    """Hours as billed: whole steps, and at least the minimum; what is not known of these changes nothing."""
    step, minimum = _value(terms, "billing_step"), _value(terms, "minimum_rental")
    seconds = max(Decimal(hours * 3600), minimum or Decimal(0))
    if step:
        whole, rest = divmod(seconds, step)
        seconds = (whole + bool(rest)) * step
    return seconds / 3600


def running(price: Decimal, terms: TermsByField, rental: Rental) -> CostLine:
    """The GPUs, at a price per GPU-hour; hours for which they are stopped count where they are billed."""
    hours, why = rental.hours, ""
    if rental.stopped_hours:
        stopped = terms.get("compute_stopped")
        if stopped is None:
            return unknown("GPU", "compute_stopped")
        if stopped.word == "billed":
            hours, why = hours + rental.stopped_hours, ": stopped hours are billed in full"
    billed = billed_hours(hours, terms)
    many = f"{rental.gpus} × " if rental.gpus > 1 else ""
    each = exact(price.quantize(_SHOWN, ROUND_HALF_UP))
    return CostLine("GPU", f"{many}{billed.normalize():f} h × {each}{why}", rental.gpus * billed * price)


def stored(terms: TermsByField, rental: Rental) -> CostLine:
    """The storage, while running and while stopped."""
    on, off = terms.get("storage_running"), terms.get("storage_stopped")
    if not rental.storage_gb:
        return CostLine(_storage(rental), "none", Decimal(0))
    if not rental.stopped_hours or (off is not None and off.word == "as running"):
        return _gigabytes("storage_running", on, rental, rental.hours + rental.stopped_hours)
    first = _gigabytes("storage_running", on, rental, rental.hours)
    if first.amount is None or (off is not None and off.word == "not billed"):
        return first
    then = _gigabytes("storage_stopped", off, rental, rental.stopped_hours)
    return then if then.amount is None else _both(first, then.sum, first.amount + then.amount)


def sent(terms: TermsByField, rental: Rental) -> CostLine:
    """The traffic to the internet, less what is included for each month."""
    what, term, included = _traffic(rental), terms.get("egress"), terms.get("egress_included")
    free = Decimal(0) if included is None or included.value is None else included.value * _months(rental)
    if not rental.egress_gb:
        return CostLine(what, "none", Decimal(0))
    if free >= rental.egress_gb:
        return CostLine(what, f"within the {free.normalize():,f} GB included", Decimal(0))
    if term is None or term.usd is None:
        return unknown(what, "egress", term)
    if term.usd and included is not None and included.value is None:
        return unknown(what, "egress_included", included)
    amount = f"({rental.egress_gb:,} − {free.normalize():f})" if free else f"{rental.egress_gb:,}"
    return CostLine(what, f"{amount} GB × {exact(term.usd)}", (rental.egress_gb - free) * term.usd)


def unknown(what: str, field: str, term: TermRow | None = None) -> CostLine:
    """A part whose price nobody knows, and why."""
    label = LABELS[field].lower().replace("gpu", "GPU")
    return CostLine(what, f"{label}: {_WHY.get((term and term.word) or '', 'not known')}", None)


def _gigabytes(field: str, term: TermRow | None, rental: Rental, hours: int) -> CostLine:
    what = _storage(rental)
    if term is None or term.usd is None:
        return unknown(what, field, term)
    rate, amount = exact(term.usd), rental.storage_gb * hours * term.usd
    if term.unit == "per GB-hour":
        return CostLine(what, f"{rental.storage_gb:,} GB × {hours} h × {rate}", amount)
    months = {HOURS_PER_MONTH: "", HOURS_PER_MONTH // 2: " × ½ month"}
    part = months.get(hours, f" × {hours} h ÷ {HOURS_PER_MONTH} h")
    return CostLine(what, f"{rental.storage_gb:,} GB × {rate}{part}", amount / HOURS_PER_MONTH)


def _both(line: CostLine, other: str, amount: Decimal) -> CostLine:
    return CostLine(line.what, f"{line.sum} + {other}", amount)


def _months(rental: Rental) -> int:
    """Full months of 730 hours, at least one: what is included is included in a part of a month, too."""
    return max(1, (rental.hours + rental.stopped_hours) // HOURS_PER_MONTH)


def _storage(rental: Rental) -> str:
    return f"{rental.storage_gb:,} GB of storage"


def _traffic(rental: Rental) -> str:
    whole, rest = divmod(rental.egress_gb, 1000)
    return f"{rental.egress_gb:,} GB out" if rest or not whole else f"{whole:,} TB out"


def _value(terms: TermsByField, field: str) -> Decimal | None:
    return terms[field].value if field in terms else None
