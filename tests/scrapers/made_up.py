"""A provider that tests make up, like a module of scrapers/providers; its answer lists plans.

Answers are read in another process, which finds here by name what it takes.
"""

import os
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

from scrapers.captures import Capture, Request
from scrapers.offer import Draft, Provider
from scrapers.records import Record, record, records
from scrapers.row_parser import RowParser
from scrapers.sources import Json


def capture(request: Request, body: bytes = b"") -> Capture:
    """A live answer of recent days."""
    return Capture("nimbus", request, 200, datetime(2026, 8, 22, tzinfo=UTC), "", body)


def module(slug: str, url: str, **contract: Any) -> Any:
    """A provider's file, whose answer is at `url`/`slug`."""
    provider = Provider(slug, slug, pricing_url=url, **contract)
    return SimpleNamespace(PROVIDER=provider, SOURCE=Json(f"{url}/{slug}"), offers=offers)


def _key(plan: Record) -> tuple[str, str]:
    return plan.text("id"), ""


def _read(plan: Record) -> Draft:
    return Draft(
        instance_type=plan.text("id"),
        gpu_name=plan.text("gpu"),
        gpu_count=plan.count("count", 1),
        price=plan.price("hourly"),
        price_spot=plan.price("bid", None),
        currency="USD",
        price_unit="instance_hour",
        valid_from=_instant(plan, "from"),
        valid_to=_instant(plan, "until"),
    )


def _instant(plan: Record, name: str) -> datetime | None:
    stated = plan.text(name, None)
    return datetime.fromisoformat(stated) if stated else None


def _listed(document: Any) -> list[Record]:
    return record(document).records("plans")


offers = RowParser("a plan", records, _read, _key)
listed_offers = replace(offers, rows=_listed)
"""Of plans under the name "plans"."""


def _card(card: Mapping[str, Any]) -> Draft:
    return Draft(**{**card, "price": Decimal(card["price"])}, currency="USD", price_unit="gpu_hour")


cards = RowParser("a card", list, _card)
"""Of the fields of each draft, priced by the GPU."""


@dataclass(frozen=True)
class _Otherwise:
    """A parser's way to read a plan, of which some fields come out as others, and prices so many times as high."""

    read: Callable[[Record], Draft]
    changes: Mapping[str, Any]
    times: Decimal

    def __call__(self, plan: Record) -> Draft:
        draft = self.read(plan)
        price = draft.price * self.times if isinstance(draft.price, Decimal) else draft.price
        return replace(draft, **{"price": price, **self.changes})


def parsing(module: Any, *, times: Decimal = Decimal(1), **changes: Any) -> None:
    """Let a provider's parser make something else of each plan."""
    module.offers = replace(module.offers, read=_Otherwise(module.offers.read, changes, times))


def skipping(module: Any, field: str, value: Any) -> None:
    """Let a provider's parser make nothing of the plans with a value in a field."""
    module.offers = replace(module.offers, rows=partial(_without, field, value))


def _without(field: str, value: Any, plans: Any) -> list[Record]:
    return [plan for plan in records(plans) if plan.raw(field) != value]


def puzzled(module: Any, plan: str) -> None:
    """Let a provider's parser fail at a plan, and not say at which."""
    module.offers = replace(module.offers, key=None, read=partial(_unless, plan, module.offers.read))


def _unless(name: str, read: Callable[[Record], Draft], plan: Record) -> Draft:
    if plan.text("id") == name:
        raise ValueError("unreadable")
    return read(plan)


def stuck(module: Any) -> None:
    """Let a provider's parser hold the interpreter at its first plan for longer than anybody waits."""
    module.offers = replace(module.offers, read=_hold)


def _hold(_: Record) -> Draft:
    re.match(r"(a+)+$", "a" * 60 + "b")
    raise AssertionError("that took no time")


def exhausting(module: Any) -> None:
    """Let a provider's parser take more memory than a worker may use."""
    module.offers = replace(module.offers, read=_fill)


def _fill(_: Record) -> Draft:
    raise AssertionError(bytearray(2**33)[:1])


def dying(module: Any) -> None:
    """Let a provider's parser end its process, as a fault in a library does."""
    module.offers = replace(module.offers, read=_die)


def _die(_: Record) -> Draft:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("it lives")


def _gone(plans: Any) -> Any:
    return iter(plans["gone"])


def blinded(module: Any) -> None:
    """Let a provider's parser look for something that is missing."""
    module.offers = replace(module.offers, rows=_gone)
