"""How fast the database is, compared with the first draft of its schema: ratios within one run, since machines differ.

The first draft is called the document's here.  Each schema gets a database of its own on the same server, dropped at
the end, with the same offers and the same history.  Both must end with the same prices, or nothing is reported.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from time import perf_counter
from typing import ParamSpec

from generator.bench import made_up_offers as made_up
from generator.database import db, history, migrations, programs, runs
from generator.errors import BuildError
from generator.ingest import store
from generator.settings import ROOT
from scrapers.normalise import NormalisedOffer

P = ParamSpec("P")

BENCH = ROOT / "sql" / "bench"
_PROVIDERS, _OFFERS, _PARTS = 50, 5_000, 50
_START = datetime(2026, 1, 1, tzinfo=UTC)
_YEAR, _AS_OF = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
_ROUNDS = 2
# The price of one in so many offers changes; 0: none does.
_CHANGED_OF = {"unchanged": 0, "one in ten changed": 10, "changed": 1}


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds or bytes for the same work, ours and the document's; ours should be less by the factor `bar`."""

    what: str
    unit: str
    ours: float
    document: float
    bar: float

    @property
    def ratio(self) -> float:
        """The document's value divided by ours."""
        return self.document / self.ours

    def shown(self, value: float) -> str:
        """A value with its unit, as text."""
        return f"{value:.3f} s" if self.unit == "s" else f"{value:,.0f} {self.unit}"

    @property
    def is_met(self) -> bool:
        """Whether the ratio reaches the bar."""
        return self.ratio >= self.bar


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many offers, providers and rows are measured."""

    one_provider: int = 20_000
    each_provider: int = 1_000
    providers: int = 20
    rows: int = 1_000_000


@dataclass(frozen=True, slots=True)
class _Database:
    exists: bool


@dataclass(frozen=True, slots=True)
class _Price:
    provider: str
    instance_type: str
    price_per_gpu_hour: Decimal


@dataclass(frozen=True, slots=True)
class _Sides:
    ours: db.Connection
    document: db.Connection


def measure(conninfo: str, sizes: Sizes, progress: Callable[[str], None] = lambda _: None) -> list[Compared]:
    """Make every comparison, in the order of the report.  Raises BuildError where the two end with different prices."""
    found: list[Compared] = []
    for providers, offers, bar in ((1, sizes.one_provider, 5), (sizes.providers, sizes.each_provider, 2)):
        progress(f"{providers} x {offers:,} offers")
        with _sides(conninfo, providers) as sides:
            found += _upserts(sides, providers, offers, bar)
    progress(f"{sizes.rows:,} rows of history")
    with _sides(conninfo, _PROVIDERS) as sides:
        found += _history(sides, sizes.rows, progress)
    return found


@contextmanager
def _sides(conninfo: str, providers: int) -> Iterator[_Sides]:
    with scratch(conninfo, "ours") as ours, scratch(conninfo, "document") as document:
        migrations.migrate(ours)
        with db.connect(ours) as mine, db.connect(document) as theirs:
            theirs.execute((BENCH / "document.sql").read_bytes())
            for side in (mine, theirs):
                side.execute(_sql("catalogue"), {"gpus": made_up.GPUS, "providers": providers})
                side.commit()
            yield _Sides(mine, theirs)


@contextmanager
def scratch(conninfo: str, side: str, copy_of: str = "template1") -> Iterator[str]:
    """A database of its own on the server in use, dropped at the end; `copy_of` names the one that it begins as."""
    name = f"cloudgpus_bench_{os.getpid()}_{side}"
    with db.connect(conninfo) as server:
        server.autocommit = True
        server.execute(f'create database "{name}" template "{copy_of}" strategy file_copy'.encode())
        try:
            yield programs.of_database(conninfo, name)
        finally:
            server.execute(f'drop database "{name}" with (force)'.encode())


@cache
def _sql(name: str) -> bytes:
    return (BENCH / f"{name}.sql").read_bytes()


def _upserts(sides: _Sides, providers: int, offers: int, bar: float) -> list[Compared]:
    """Time new offers once, then rounds of unchanged, partly changed and changed ones; the best of each counts."""
    run_id = runs.start(sides.ours, _START, "live", "bench")
    sides.ours.commit()
    best: dict[str, tuple[float, float]] = {}
    prices = {slug: made_up.offers(offers) for slug in map("provider-{}".format, range(providers))}
    for hour, step in enumerate(["new", *[*_CHANGED_OF] * _ROUNDS]):
        if every := _CHANGED_OF.get(step):
            prices = {slug: made_up.some_raised(found, every, hour) for slug, found in prices.items()}
        ours = _timed(_store, sides.ours, prices, run_id, _START + timedelta(hours=hour))
        document = _timed(_upsert, sides.document, prices)
        before = best.get(step, (ours, document))
        best[step] = min(ours, before[0]), min(document, before[1])
    _agree(sides)
    what = f"{offers:,} offers of one provider" if providers == 1 else f"{providers} providers of {offers:,} offers"
    return [
        Compared(f"{what}, {step}", "s", *best[step], bar if step != "new" else 1) for step in ("new", *_CHANGED_OF)
    ]


def _history(sides: _Sides, rows: int, progress: Callable[[str], None]) -> list[Compared]:
    """Compare a year of changes: the time to read trends from it, and its size."""
    offers = min(_OFFERS, rows)
    prices = {f"provider-{n}": made_up.offers(offers // _PROVIDERS) for n in range(_PROVIDERS)}
    run_id = runs.start(sides.ours, _YEAR, "live", "bench")
    _store(sides.ours, prices, run_id, _YEAR)
    _upsert(sides.document, prices)
    _fill(sides, max(1, rows // (offers // _PROVIDERS * _PROVIDERS)))
    progress("trends")
    ours = min(_timed(_trends, sides.ours) for _ in range(_ROUNDS))
    document = min(_timed(_document_trends, sides.document) for _ in range(_ROUNDS))
    (bytes_, kept), (document_bytes, document_kept) = (
        side.execute(_sql("history_bytes")).fetchall()[0] for side in (sides.ours, sides.document)
    )
    if kept != document_kept:
        raise BuildError(f"bench: {kept} rows of history here, {document_kept} there; the two sides did different work")
    return [
        Compared(f"30-day trends of all GPUs at {kept:,} rows of history", "s", ours, document, 10),
        Compared(
            f"bytes of {kept // offers:,} changes of an offer in a year",
            "B",
            bytes_ / offers,
            document_bytes / offers,
            1,
        ),
    ]


def _fill(sides: _Sides, changes: int) -> None:
    """Write a year's changes of every offer on both sides, in order of time, without key checks and triggers."""
    year = {"start": _YEAR, "as_of": _AS_OF}
    with db.unhurried(sides.ours), db.unhurried(sides.document):
        db.execute(sides.ours, "store_partitions", first=_YEAR, last=_AS_OF)
        sides.ours.execute(_sql("history_begin"), year)
        sides.document.execute(b"truncate cloudgpus.price_history")
        for side, query in ((sides.ours, "history"), (sides.document, "document_history")):
            side.execute(b"set local session_replication_role = replica")
            for hour in range(0, 8760, 730):
                hours = {"first_hour": hour, "last_hour": hour + 730}
                side.execute(_sql(query), {**year, **hours, "changes": changes})
            side.execute(b"set local session_replication_role = origin")
        for part in range(_PARTS):
            sides.ours.execute(_sql("history_rollup"), {**year, "part": part, "parts": _PARTS})
    # As every run does at its end.
    history.compact_if_free(sides.ours, _AS_OF)
    history.close_market_days(sides.ours, _AS_OF)
    for side in (sides.ours, sides.document):
        side.autocommit = True
        side.execute(b"vacuum analyze")
        side.autocommit = False


def _trends(connection: db.Connection) -> None:
    connection.execute(db.query("gpu_trend_daily"), {"as_of": _AS_OF, "days": 30, "gpus": None}).fetchall()


def _document_trends(connection: db.Connection) -> None:
    for gpu in range(made_up.GPUS):
        connection.execute(_sql("document_trend"), {"gpu": f"gpu-{gpu}", "as_of": _AS_OF}).fetchall()


def _timed(work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> float:
    start = perf_counter()
    work(*args, **kwargs)
    return perf_counter() - start


def _store(connection: db.Connection, prices: dict[str, list[NormalisedOffer]], run_id: int, at: datetime) -> None:
    for provider, offers in prices.items():
        run = store.ProviderRun(
            provider=provider,
            source_class="provider_api",
            run_id=run_id,
            observed_at=at,
            is_recorded=False,
            started_at=at,
            completed_at=at,
            offers=offers,
        )
        store.store(connection, run)
        connection.commit()


def _upsert(connection: db.Connection, prices: dict[str, list[NormalisedOffer]]) -> None:
    for provider, offers in prices.items():
        with db.unhurried(connection):
            connection.execute(_sql("document_stage"))
            with connection.cursor() as cursor, cursor.copy(_sql("document_copy")) as copy:
                for offer in offers:
                    copy.write_row(made_up.document_row(offer))
            connection.execute(_sql("document_upsert"), {"provider": provider})


def _agree(sides: _Sides) -> None:
    for ours, document in zip(_prices(sides.ours), _prices(sides.document), strict=True):
        if ours != document:
            raise BuildError(f"bench: {ours} here, {document} there; the two sides did different work")


def _prices(connection: db.Connection) -> list[_Price]:
    return [_Price(*row) for row in connection.execute(_sql("prices")).fetchall()]
