"""What a provider's parser makes of its recording, or of a document written by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from scrapers import run
from scrapers.captures import Capture
from scrapers.offer import PRICE_FIELDS, Offer
from scrapers.row_parser import Parsed
from tests.scrapers.providers.conftest import offers_of


def recorded_offers(module: ModuleType) -> dict[str, Offer]:
    """The offers of the shipped recording, by instance type."""
    return by_type(offers_of(module.PROVIDER.slug))


def by_type(offers: Iterable[Offer]) -> dict[str, Offer]:
    """The offers by instance type; fails for two of one type."""
    found = list(offers)
    assert len({offer.instance_type for offer in found}) == len(found)
    return {offer.instance_type: offer for offer in found}


def combined(offers: Iterable[Offer]) -> dict[str, Offer]:
    """The offers by instance type, where each row states another of its prices."""
    found: dict[str, Offer] = {}
    for offer in offers:
        before = found.get(offer.instance_type, offer)
        stated = {name: getattr(before, name) or getattr(offer, name) for name in PRICE_FIELDS}
        found[offer.instance_type] = replace(before, **stated)
    return found


def decoded(source: Any, body: str) -> Any:
    """What a source with one request yields for a body."""
    capture = Capture("test", source.request(), 200, datetime(2026, 1, 1, tzinfo=UTC), "text/html", body.encode())
    return source.decode(capture)


def parsed(module: Any, body: str) -> Parsed:
    """What became of each row of a page written by hand."""
    return run.row_parser(module).parse(decoded(module.SOURCE, body))
