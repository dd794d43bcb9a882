"""What providers state beside their hourly prices, in words; what is not known is left out or marked as unknown."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from generator import urls
from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import TermRow
from generator.catalogue.slices import view
from generator.database.seed_rows import NOT_STATED
from generator.formats import duration, money, price
from generator.model.blocks import StatedTerm, TermLine
from scrapers.price_per_gpu_hour import HOURS_PER_MONTH

LABELS = {
    "billing_step": "Billing step",
    "minimum_rental": "Minimum rental",
    "compute_stopped": "GPU while stopped",
    "storage_running": "Storage",
    "storage_stopped": "Storage while stopped",
    "egress": "Traffic out",
    "egress_included": "Traffic out included",
    "ingress": "Traffic in",
    "public_ip": "Public address",
    "spot_notice": "Notice before a spot machine ends",
    "sla_uptime": "Uptime in the SLA",
}
_OF_PRICE = ("billing_step", "minimum_rental", "compute_stopped", "storage_running", "storage_stopped", "egress")
COMPLETE = frozenset({"billing_step", "compute_stopped", "storage_running", "storage_stopped", "egress"})
_WORDS = {
    "none": "None",
    "billed": "Billed, rate not known",
    "not billed": "Not billed",
    "as running": "Same as while running",
    "by host": "Set by each host",
    "by plan": "Depends on the plan",
    NOT_STATED: "Not stated there",
}
_STEPS = {1: "per second", 60: "per minute", 3600: "per hour", 2_592_000: "per month"}


@view
def term_rows(catalogue: Catalogue, slug: str) -> Mapping[str, TermRow]:
    """A provider's terms in the usual case, by field; those not stated or checked too long ago are left out."""
    return {row.field: row for row in catalogue.terms_by_provider.get(slug, []) if not row.qualifier and _counts(row)}


@view
def rental_terms(catalogue: Catalogue, slug: str) -> Mapping[str, TermRow]:
    """The terms that a rental's cost is computed from: `term_rows`, and the billing step of the provider's row."""
    terms, step = term_rows(catalogue, slug), catalogue.providers[slug].min_billing_increment_seconds
    if step is None or "billing_step" in terms:
        return terms
    return {**terms, "billing_step": _undated_step(slug, Decimal(step))}


@view
def all_terms(catalogue: Catalogue, slug: str) -> tuple[StatedTerm, ...]:
    """All terms of a provider, also those not stated or checked too long ago, in the order of `LABELS`."""
    rows = catalogue.terms_by_provider.get(slug, [])
    undated = [row for row in rental_terms(catalogue, slug).values() if not row.source_url]
    order = list(LABELS)
    return tuple(map(_stated, sorted([*rows, *undated], key=lambda row: (order.index(row.field), row.qualifier))))


@view
def term_lines(catalogue: Catalogue, slug: str) -> tuple[TermLine, ...]:
    """All that is known of a provider's terms, and where the rest was looked for, in the order of `LABELS`."""
    known = set(known_fields(catalogue, slug))
    rows = catalogue.terms_by_provider.get(slug, [])
    lines = [(row.field, _line(row)) for row in rows if _counts(row) or not (row.qualifier or row.field in known)]
    lines += _undated(catalogue, slug)
    order = list(LABELS)
    return tuple(line for _, line in sorted(lines, key=lambda one: (order.index(one[0]), one[1].qualifier)))


@view
def terms_of_price(catalogue: Catalogue, slug: str) -> tuple[TermLine, ...]:
    """What a provider states of the terms that decide what an hour costs in the end, in the usual case."""
    labels = {LABELS[field] for field in _OF_PRICE}
    lines = (line for line in term_lines(catalogue, slug) if line.is_known and not line.qualifier)
    return tuple(line for line in lines if line.label in labels)


@view
def term_words(catalogue: Catalogue, slug: str, field: str) -> str | None:
    """What a provider states of a term in the usual case, in words; None where that is not known."""
    row = term_rows(catalogue, slug).get(field)
    return _value(row) if row else None


@view
def unknown_terms(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The labels of the terms of which nothing is known for the usual case, and no page to look at."""
    said = {line.label for line in term_lines(catalogue, slug) if not line.qualifier}
    return tuple(label for label in LABELS.values() if label not in said)


@view
def known_fields(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The fields of which something is known for the usual case."""
    return (*term_rows(catalogue, slug), *(field for field, _ in _undated(catalogue, slug)))


@view
def is_complete(catalogue: Catalogue, slug: str) -> bool:
    """Whether the terms behind a month's cost are known: billing step, GPU, storage, running or stopped, traffic."""
    return set(known_fields(catalogue, slug)) >= COMPLETE


def billing_step(seconds: Decimal | int | None) -> str:
    """A billing increment in words; "" for unknown."""
    if seconds is None:
        return ""
    return _STEPS.get(int(seconds)) or f"per {duration(Decimal(seconds))}"


def step_of(catalogue: Catalogue, slug: str) -> str:
    """A provider's billing step in words: from its terms, else from its row."""
    term = term_rows(catalogue, slug).get("billing_step")
    return billing_step(term.value if term else catalogue.providers[slug].min_billing_increment_seconds)


def minimum_of(catalogue: Catalogue, slug: str) -> str:
    """A provider's minimum rental in a few words; "" for unknown."""
    term = term_rows(catalogue, slug).get("minimum_rental")
    return _value(term).lower() if term else ""


def egress_of(catalogue: Catalogue, slug: str) -> str:
    """The price of a GB of traffic out in a few words; "" for unknown."""
    terms = term_rows(catalogue, slug)
    term, included = terms.get("egress"), terms.get("egress_included")
    if term is None:
        return f"{included.value.normalize():,f} GB free" if included and included.value else ""
    return "free" if term.value == 0 else "by host" if term.word else money(term.usd)


def storage_of(catalogue: Catalogue, slug: str) -> str:
    """The price of a GB of storage for a month in a few words: "$0.10", "$0.10, stopped $0.20"; "" for unknown."""
    terms = term_rows(catalogue, slug)
    running, stopped = terms.get("storage_running"), terms.get("storage_stopped")
    if running is None:
        return ""
    if running.word:
        return running.word
    on, off = month_rate(running), month_rate(stopped)
    return money(on) if off is None or off == on else f"{money(on)}, stopped {money(off)}"


def month_rate(term: TermRow | None) -> Decimal | None:
    """US dollars per GB and month of 730 hours; None where the term is unknown or not an amount."""
    if term is None or term.usd is None:
        return None
    return term.usd * HOURS_PER_MONTH if term.unit == "per GB-hour" else term.usd


def _counts(row: TermRow) -> bool:
    return row.is_current and row.word != NOT_STATED


def _undated_step(slug: str, seconds: Decimal) -> TermRow:
    return TermRow(slug, "billing_step", "", seconds, None, "seconds", None, None, "", "", None, True)


def _stated(row: TermRow) -> StatedTerm:
    return StatedTerm(
        row.field,
        row.qualifier,
        row.value,
        row.unit,
        row.currency,
        row.usd,
        row.word,
        _value(row),
        row.note,
        urls.outgoing(row.source_url),
        row.checked_on,
        _counts(row),
    )


def _undated(catalogue: Catalogue, slug: str) -> Iterator[tuple[str, TermLine]]:
    """The billing step from a provider's row, which records no source of its own for it."""
    step = billing_step(catalogue.providers[slug].min_billing_increment_seconds).capitalize()
    if step and "billing_step" not in term_rows(catalogue, slug):
        yield "billing_step", TermLine(LABELS["billing_step"], "", step, "", None, None)


def _line(row: TermRow) -> TermLine:
    label, source = LABELS[row.field], urls.outgoing(row.source_url)
    value = _value(row) if row.is_current else "Not confirmed since"
    return TermLine(label, row.qualifier, value, row.note, source, row.checked_on, _counts(row))


def _value(row: TermRow) -> str:
    if row.word is not None:
        return "Billed in full" if (row.field, row.word) == ("compute_stopped", "billed") else _WORDS[row.word]
    value = row.value or Decimal(0)
    if row.currency:
        return f"{price(value, row.currency)} {row.unit}" if value else "Free"
    return _NUMBERS[row.field](value)


_NUMBERS: Mapping[str, Callable[[Decimal], str]] = {
    "billing_step": lambda value: billing_step(value).capitalize(),
    "minimum_rental": duration,
    "spot_notice": duration,
    "egress_included": lambda value: f"{value.normalize():,f} GB a month",
    "sla_uptime": lambda value: f"{value.normalize():f}%",
}
