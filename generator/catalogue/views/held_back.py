"""Offers that are held back, and why: counted, their prices never shown."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from generator.catalogue.catalogue import Catalogue
from generator.catalogue.rows import HeldBackRow
from generator.catalogue.slices import view
from generator.catalogue.views.gpus import gpu_link
from generator.catalogue.views.providers import provider_link
from generator.model.blocks import HeldBack, HeldBackRule, Link

_UNKNOWN_NAME = "unknown_name"


class _Words(NamedTuple):
    """A rule in words: what follows "2 offers are held back:", and what the rule says."""

    short: str
    meaning: str


RULES = {
    "price_band": _Words("outside the market's range", "A price is outside the market's range for the GPU"),
    "price_jump": _Words(
        "changed too much since last seen", "A price has at least doubled or halved since it was last seen"
    ),
    "too_large": _Words("too large to store", "An amount is larger than any price that can be stored"),
    "rounds_to_zero": _Words("too small to store", "An amount is so small that it would be stored as zero"),
    "equal_keys": _Words(
        "listed twice with different values",
        "One instance type in one region is listed with different GPUs, GPU counts or prices",
    ),
    "unknown_region": _Words("in an unknown region", "A region is not on the provider's own list"),
    "unknown_currency": _Words("in a currency without an exchange rate", "There is no exchange rate for the currency"),
    "unreadable": _Words("not readable", "Something that every offer must state is missing or malformed"),
}
_ANOTHER = _Words("for another reason", "A rule that is no longer in use")


@view
def held_back_of_gpu(catalogue: Catalogue, slug: str) -> tuple[HeldBack, ...]:
    """A GPU's offers that are held back, counted by rule, with their providers; the most first."""
    rows = _offers(catalogue.held_back_by_gpu.get(slug, []))
    return _by_rule(rows, lambda row: provider_link(catalogue, row.provider_slug))


@view
def held_back_of_provider(catalogue: Catalogue, slug: str) -> tuple[HeldBack, ...]:
    """A provider's offers that are held back, counted by rule, with their GPUs; the most first."""
    rows = _offers(catalogue.held_back_by_provider.get(slug, []))
    return _by_rule(rows, lambda row: gpu_link(catalogue, row.gpu_slug) if row.gpu_slug else None)


@view
def held_back_rules(catalogue: Catalogue) -> tuple[HeldBackRule, ...]:
    """Every rule with the number of offers that it holds back, zero included."""
    rows = _offers(catalogue.held_back.values())
    retired = {row.rule for row in rows} - RULES.keys()
    return tuple(
        HeldBackRule(
            meaning=RULES.get(rule, _ANOTHER).meaning,
            offers_n=sum(row.offers_n for row in rows if row.rule == rule),
            providers_n=len({row.provider_slug for row in rows if row.rule == rule}),
        )
        for rule in (*RULES, *sorted(retired))
    )


@view
def unknown_names_n(catalogue: Catalogue) -> int:
    """How many GPU names in the newest answers match no known GPU."""
    return sum(row.names_n for row in catalogue.held_back.values() if row.rule == _UNKNOWN_NAME)


def _offers(rows: Iterable[HeldBackRow]) -> list[HeldBackRow]:
    return [row for row in rows if row.rule != _UNKNOWN_NAME]


def _by_rule(rows: Iterable[HeldBackRow], whose: Callable[[HeldBackRow], Link | None]) -> tuple[HeldBack, ...]:
    by_rule: dict[str, list[HeldBackRow]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(row)
    found = [
        HeldBack(
            words=RULES.get(rule, _ANOTHER).short,
            offers_n=sum(row.offers_n for row in group),
            of=tuple(link for row in sorted(group, key=lambda row: -row.offers_n) if (link := whose(row))),
        )
        for rule, group in by_rule.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.offers_n, one.words)))
