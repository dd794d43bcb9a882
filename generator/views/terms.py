"""What providers state beside their hourly prices, in words; what is not known is left out or said to be so."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from generator import urls
from generator.catalogue import Catalogue, view
from generator.formats import duration, money, price
from generator.pages.blocks import TermLine
from generator.rows import TermRow

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
COMPLETE = frozenset({"billing_step", "compute_stopped", "storage_running", "storage_stopped", "egress"})
HOURS_A_MONTH = 730
_WORDS = {
    "none": "None",
    "billed": "Billed; at what rate is not known",
    "not billed": "Not billed",
    "as running": "As while running",
    "by host": "Set by each host",
    "by plan": "Depends on the plan",
}
_STEPS = {1: "per second", 60: "per minute", 3600: "per hour", 2_592_000: "per month"}


@view
def term_rows(catalogue: Catalogue, slug: str) -> Mapping[str, TermRow]:
    """A provider's terms in the usual case, by field; those with a qualifier are left out."""
    return {row.field: row for row in catalogue.terms_by_provider.get(slug, []) if not row.qualifier}


@view
def term_lines(catalogue: Catalogue, slug: str) -> tuple[TermLine, ...]:
    """All that is known of a provider's terms, in the order of `LABELS`."""
    rows = [*catalogue.terms_by_provider.get(slug, [])]
    lines = [(row.field, _line(row)) for row in rows]
    lines += [line for line in _undated(catalogue, slug) if line[0] not in term_rows(catalogue, slug)]
    order = list(LABELS)
    return tuple(line for _, line in sorted(lines, key=lambda one: (order.index(one[0]), one[1].qualifier)))


@view
def unknown_terms(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The labels of the terms of which nothing is known for the usual case."""
    known = known_fields(catalogue, slug)
    return tuple(label for field, label in LABELS.items() if field not in known)


@view
def known_fields(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The fields of which something is known for the usual case."""
    return (*term_rows(catalogue, slug), *(field for field, _ in _undated(catalogue, slug)))


@view
def is_complete(catalogue: Catalogue, slug: str) -> bool:
    """Whether the terms that make a bill are known: billing step, storage and GPU on and stopped, traffic out."""
    return set(known_fields(catalogue, slug)) >= COMPLETE


def billing_step(seconds: Decimal | int | None) -> str:
    """A billing increment in words, "" for unknown."""
    if seconds is None:
        return ""
    return _STEPS.get(int(seconds)) or f"per {duration(Decimal(seconds))}"


def step_of(catalogue: Catalogue, slug: str) -> str:
    """A provider's billing step in words: as a source says, else as its facts do."""
    term = term_rows(catalogue, slug).get("billing_step")
    return billing_step(term.value if term else catalogue.providers[slug].min_billing_increment_seconds)


def minimum_of(catalogue: Catalogue, slug: str) -> str:
    """A provider's minimum rental in few words, "" for unknown."""
    term = term_rows(catalogue, slug).get("minimum_rental")
    return _value(term).lower() if term else ""


def egress_of(catalogue: Catalogue, slug: str) -> str:
    """What a GB out costs in few words, "" for unknown."""
    terms = term_rows(catalogue, slug)
    term, included = terms.get("egress"), terms.get("egress_included")
    if term is None:
        return f"{included.value.normalize():,f} GB free" if included and included.value else ""
    return "free" if term.value == 0 else "by host" if term.word else money(term.usd)


def storage_of(catalogue: Catalogue, slug: str) -> str:
    """What a GB costs a month in few words, "" for unknown: "$0.10", "$0.10, stopped $0.20"."""
    terms = term_rows(catalogue, slug)
    running, stopped = terms.get("storage_running"), terms.get("storage_stopped")
    if running is None:
        return ""
    if running.word:
        return running.word
    on, off = month_rate(running), month_rate(stopped)
    return money(on) if off is None or off == on else f"{money(on)}, stopped {money(off)}"


def month_rate(term: TermRow | None) -> Decimal | None:
    """US dollars for a GB and month of 730 hours; None where the term is unknown or no amount."""
    if term is None or term.usd is None:
        return None
    return term.usd * HOURS_A_MONTH if term.unit == "per GB-hour" else term.usd


def _undated(catalogue: Catalogue, slug: str) -> Iterator[tuple[str, TermLine]]:
    """What a provider's facts say of terms that no source of its own is recorded for."""
    row, sourced = catalogue.providers[slug], term_rows(catalogue, slug)
    facts = {
        "billing_step": billing_step(row.min_billing_increment_seconds).capitalize(),
        "sla_uptime": f"{row.sla_uptime_percent.normalize():f}%" if row.sla_uptime_percent else "",
    }
    for field, value in facts.items():
        if value and field not in sourced:
            yield field, TermLine(LABELS[field], "", value, "", None, None)


def _line(row: TermRow) -> TermLine:
    source = urls.outgoing(row.source_url)
    return TermLine(LABELS[row.field], row.qualifier, _value(row), row.note, source, row.checked_on)


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
