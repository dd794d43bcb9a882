"""db report: the most common questions about prices, answered on the command line."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import click

from generator.commands.console import print_json, say, table
from generator.commands.options import as_of_option, json_option, pass_settings
from generator.database import db as database
from generator.database import runs
from generator.errors import BuildError
from generator.formats import money
from generator.near_misses import nearest
from generator.settings import Settings


@dataclass(frozen=True, slots=True)
class CheapestOffer:
    """An on-demand offer; prices in US dollars per hour, per GPU and for the whole instance."""

    provider: str
    provider_slug: str
    gpu: str
    instance_type: str
    region: str
    gpu_count: int
    price_per_gpu_hour: Decimal
    price_per_hour: Decimal
    availability: str
    tier: str
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class ProviderOffer:
    """A price of an offer in US dollars per hour, per GPU and for the whole instance."""

    gpu: str
    gpu_slug: str
    vram_gb: int | None
    architecture: str
    instance_type: str
    region: str
    gpu_count: int
    gpu_share: Decimal
    pricing_type: str
    price_per_gpu_hour: Decimal
    price_per_hour: Decimal
    availability: str
    has_nvlink: bool | None
    has_infiniband: bool | None


@dataclass(frozen=True, slots=True)
class TrendDay:
    """A provider's prices of a GPU on one day (UTC), in US dollars per GPU-hour."""

    day: date
    provider: str
    offers_n: int
    average_price: Decimal
    minimum_price: Decimal
    maximum_price: Decimal


@dataclass(frozen=True, slots=True)
class DepinProvider:
    """A DePIN provider of the main comparison, and its cheapest GPU-hour in US dollars."""

    provider: str
    provider_slug: str
    sla_uptime_percent: Decimal | None
    offers_n: int
    minimum_price: Decimal | None


@dataclass(frozen=True, slots=True)
class TierPrice:
    """Prices of a GPU at the providers of one reliability tier, in US dollars per GPU-hour."""

    gpu: str
    tier: str
    offers_n: int
    providers_n: int
    average_price: Decimal
    minimum_price: Decimal
    maximum_price: Decimal


@dataclass(frozen=True, slots=True)
class Slug:
    """The slug of a GPU or of a provider."""

    slug: str


@click.group()
def report() -> None:
    """Print prices as a table: cheapest offers, a provider's offers, trends, DePIN, reliability tiers.

    Prices are as of the last run, or of --as-of, in US dollars before tax.

    \b
    Examples:
      build.py db report cheapest h100-sxm
      build.py db report tiers --json
    """


@report.command()
@click.argument("gpu")
@as_of_option
@json_option
@pass_settings
def cheapest(settings: Settings, gpu: str, as_of: datetime | None, as_json: bool) -> None:
    """The 20 cheapest on-demand offers of a GPU that can be rented now.

    \b
    Example:
      build.py db report cheapest h100-sxm
    """
    _report(settings, "report_cheapest", CheapestOffer, as_of, as_json, gpu=gpu)


@report.command()
@click.argument("provider", metavar="SLUG")
@as_of_option
@json_option
@pass_settings
def provider(settings: Settings, provider: str, as_of: datetime | None, as_json: bool) -> None:
    """Everything a provider offers, by GPU and pricing type.

    \b
    Example:
      build.py db report provider lambda-labs
    """
    _report(settings, "report_provider", ProviderOffer, as_of, as_json, provider=provider)


@report.command()
@click.argument("gpu")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="How many days back.")
@as_of_option
@json_option
@pass_settings
def trend(settings: Settings, gpu: str, days: int, as_of: datetime | None, as_json: bool) -> None:
    """A GPU's daily on-demand prices by provider, from live answers; days without one are left out.

    \b
    Example:
      build.py db report trend h100-sxm --days 90
    """
    _report(settings, "report_trend", TrendDay, as_of, as_json, gpu=gpu, days=days)


@report.command()
@as_of_option
@json_option
@pass_settings
def depin(settings: Settings, as_of: datetime | None, as_json: bool) -> None:
    """DePIN providers with an uptime of 95% or more, or with no stated uptime.

    \b
    Example:
      build.py db report depin
    """
    _report(settings, "report_depin", DepinProvider, as_of, as_json)


@report.command()
@as_of_option
@json_option
@pass_settings
def tiers(settings: Settings, as_of: datetime | None, as_json: bool) -> None:
    """On-demand prices of each GPU by the providers' reliability tier.

    \b
    Example:
      build.py db report tiers
    """
    _report(settings, "report_tiers", TierPrice, as_of, as_json)


def _report(
    settings: Settings, query: str, row: type[Any], as_of: datetime | None, as_json: bool, **params: object
) -> None:
    """Print the rows of a query.  Raises BuildError for an unknown GPU or provider."""
    with database.connect(database.url(settings)) as connection:
        for kind in ("gpu", "provider"):
            if kind in params:
                _check(connection, kind, str(params[kind]))
        at = as_of or runs.last_as_of(connection) or datetime.now(UTC)
        found = database.rows(connection, query, row, as_of=at, **params)
    if as_json:
        print_json([asdict(one) for one in found])
    elif found:
        _table(row, found)
    else:
        say(f"Nothing as of {at:%Y-%m-%d %H:%M} UTC.")


def _check(connection: database.Connection, kind: str, slug: str) -> None:
    known = [row.slug for row in database.rows(connection, "report_slugs", Slug, kind=kind)]
    if slug not in known:
        where = nearest(slug, known) or f'build.py db psql -- -c "table {_TABLE[kind]}" lists all'
        raise BuildError(f'no {_NOUN[kind]} has the slug "{slug}"; {where}')


_NOUN = {"gpu": "GPU", "provider": "provider"}
_TABLE = {"gpu": "gpu_models", "provider": "providers"}


def _table(row: type[Any], found: Sequence[Any]) -> None:
    names = [field.name for field in fields(row)]
    cells = [[_cell(name, getattr(one, name)) for name in names] for one in found]
    table([name.replace("_", " ") for name in names], cells)


def _cell(name: str, value: object) -> object:
    return money(value) if "price" in name and isinstance(value, Decimal) else value
