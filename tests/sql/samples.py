"""Small catalogues, offers and runs for the tests of the database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from generator.database import db
from generator.ingest import store
from scrapers.captures import Capture, Request
from scrapers.normalise import NormalisedOffer

START = datetime(2026, 3, 1, tzinfo=UTC)
PRICES = (
    "price_per_hour",
    "price_per_hour_spot",
    "price_per_month",
    "price_per_hour_reserved_1y",
    "price_per_hour_reserved_3y",
)


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def one(connection: db.Connection, sql: str, *params: Any) -> Any:
    """The first column of the first row."""
    row = connection.execute(sql, params).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def settle(connection: db.Connection, hours: float) -> None:
    """Bring the figures and slices up to this time."""
    connection.execute("select settle_slices(%s)", [after(hours)])


def add_gpu(connection: db.Connection, slug: str = "h100-sxm", vram_gb: int = 80) -> UUID:
    return one(
        connection,
        "insert into gpu_models (slug, name, short_name, architecture, vram_gb, memory_type)"
        " values (%s, %s, %s, 'hopper', %s, 'HBM3') returning id",
        slug, slug, slug, vram_gb,
    )  # fmt: skip


def add_provider(
    connection: db.Connection, slug: str = "nimbus", source_class: str = "provider_api", **more: Any
) -> UUID:
    values = {"provider_type": "regional_cloud", "is_active": True, "sla_uptime_percent": None, **more}
    return one(
        connection,
        "insert into providers (slug, name, display_name, provider_type, reliability_tier, website_url, source_class,"
        " is_active, sla_uptime_percent) values (%s, %s, %s, %s, 'standard', 'https://x.example', %s, %s, %s)"
        " returning id",
        slug, slug, slug, values["provider_type"], source_class, values["is_active"], values["sla_uptime_percent"],
    )  # fmt: skip


def add_instance(connection: db.Connection, provider_id: UUID, gpu_id: UUID, **columns: Any) -> UUID:
    """Insert an instance seen at START, straight into the table."""
    values = {"provider_id": provider_id, "gpu_model_id": gpu_id, "instance_type": "a", "last_scraped_at": START}
    values |= {"price_per_hour": Decimal(2)} | columns
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    return one(connection, f"insert into instances ({names}) values ({places}) returning id", *values.values())


def offer(instance_type: str = "a", price: Any = 2, **changes: Any) -> NormalisedOffer:
    """An offer at a price in US dollars per hour, or in another `currency` with its `exchange_rate`."""
    amount = None if price is None else Decimal(str(price))
    rate = changes.get("exchange_rate", Decimal(1))
    made = NormalisedOffer(
        gpu_slug="h100-sxm",
        instance_type=instance_type,
        gpu_count=1,
        currency="USD",
        availability_status="available",
        availability_stated=True,
        raw_data={"id": instance_type},
    )
    priced = {"price_per_hour": amount and amount * rate, "original_price_per_hour": amount}
    return replace(made, **(priced | changes))


def run(hours: float, offers: Sequence[NormalisedOffer] = (), **changes: Any) -> store.ProviderRun:
    """A provider's complete live run, observed so many hours after START."""
    at = after(hours)
    values: dict[str, Any] = {
        "provider": "nimbus", "source_class": "provider_api", "run_id": 1, "observed_at": at, "is_recorded": False,
        "started_at": at, "completed_at": at + timedelta(seconds=2), "offers": offers,
    }  # fmt: skip
    return store.ProviderRun(**(values | changes))


def capture(body: bytes = b"[]", url: str = "https://nimbus.example/plans", **changes: Any) -> Capture:
    values: dict[str, Any] = {"status": 200, "fetched_at": START, "content_type": "application/json"}
    return Capture("nimbus", Request(url), body=body, **(values | changes))


def segments(connection: db.Connection, instance_type: str = "a") -> list[tuple[Any, ...]]:
    """(price, from, to, last confirmed) in hours after START, in order; without disappearances."""
    rows = connection.execute(
        "select h.price_per_hour, h.recorded_at, h.valid_to, h.last_confirmed_at from price_history as h"
        " join instances as i on i.id = h.instance_id where i.instance_type = %s and h.is_active"
        " order by h.recorded_at, h.valid_to nulls last, h.price_per_hour",
        [instance_type],
    ).fetchall()
    return [(price, *(at and (at - START).total_seconds() / 3600 for at in times)) for price, *times in rows]
