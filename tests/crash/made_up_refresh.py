"""A refresh of made-up providers, to be killed: python -m tests.crash.made_up_refresh DATABASE_URL NUMBER."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from generator.database import db
from generator.ingest import outcome, refresh
from scrapers import captures
from scrapers.captures import Capture, Recording, Request
from scrapers.offer import Draft, Provider
from scrapers.row_parser import RowParser
from scrapers.sources import Json

START = datetime(2026, 3, 1, tzinfo=UTC)
SLUGS = tuple(f"made-up-{letter}" for letter in "abcdef")
_OFFERS = 400


def expected(number: int) -> dict[str, Decimal]:
    """What each provider offers in a run, by the run's number: every price changes, every tenth offer is missing."""
    return {
        f"type-{each:03}": Decimal(200 + each % 50 + number) / 100 for each in range(_OFFERS) if (each + number) % 10
    }


def _read(row: tuple[str, str]) -> Draft:
    name, price = row
    stated: dict[str, Any] = {"instance_type": name, "gpu_name": "H100 SXM", "price": Decimal(price)}
    return Draft(**stated, gpu_count=1, currency="USD", price_unit="instance_hour")


_OF_TYPES = RowParser("a type", dict.items, _read)


@dataclass(frozen=True)
class MadeUp:
    """A provider's module."""

    PROVIDER: Provider
    SOURCE: Json
    offers: RowParser[tuple[str, str]] = _OF_TYPES


def module(slug: str) -> MadeUp:
    return MadeUp(Provider(slug, slug, pricing_url=f"https://{slug}.example/"), Json(f"https://{slug}.example/api"))


def answer(slug: str, number: int) -> Recording:
    body = json.dumps({name: str(price) for name, price in expected(number).items()}).encode()
    at = START + timedelta(hours=number)
    capture = Capture(slug, Request(f"https://{slug}.example/api"), 200, at, "application/json", body)
    return Recording(slug, "", "", "", (capture,))


def main(url: str, number: int) -> None:
    captures.recording = lambda slug: answer(slug, number)  # type: ignore[assignment,misc]
    at = START + timedelta(hours=number)
    with db.connect(url) as connection:
        report = refresh.refresh(
            connection,
            outcome.Options(source="recorded", as_of=at),
            keys={},
            contact="x",
            version=str(number),
            clock=lambda: at,
            modules=[module(slug) for slug in SLUGS],
        )
    for failed in report.failed:
        sys.exit(failed.problem)


if __name__ == "__main__":
    from tests.crash import made_up_refresh  # by this name the process that parses the answers finds the module

    made_up_refresh.main(sys.argv[1], int(sys.argv[2]))
