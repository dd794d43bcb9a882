"""A made-up catalogue in PostgreSQL, from which a site of any number of pages is built.

Its pages are as large as the real site's, and have as many neighbours, whatever their number.  As many GPUs as
providers stand in two rings; a GPU is sold by the providers at fixed distances from its own place.  Of these distances
only 1 and 2 lie between more than one pair of sellers, three times and twice: so a provider has three GPUs in common
with the next one, the fewest for a comparison, and a GPU two providers with the next two.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import permutations

from generator.bench.database import scratch
from generator.database import db, history, migrations, runs, seeds
from generator.settings import ROOT

SQL = ROOT / "sql" / "bench"
AS_OF = datetime(2026, 8, 30, 23, 30, tzinfo=UTC)
DAYS = 60
_SINCE = datetime(2026, 8, 29, tzinfo=UTC)
_NEXT_DAY = timedelta(hours=1)
_DISTANCES = (0, 1, 2, 3, 14, 33, 50, 54, 70, 78, 88, 93)
_OTHER_PAGES = 7  # home, the indexes, the methodology, not found
_PAGES_A_MEMBER = 5  # a GPU, a provider, its comparison with the next one, the GPU's with the next two


@dataclass(frozen=True, slots=True)
class Size:
    """How many GPUs there are, and as many providers."""

    members: int

    @classmethod
    def of(cls, pages: int) -> "Size":
        """The size with about so many pages."""
        return cls(max(len(_DISTANCES), round((pages - _OTHER_PAGES) / _PAGES_A_MEMBER)))

    @property
    def pages(self) -> int:
        """How many pages the site has at least: how many lists and comparisons there are depends on the figures."""
        return self.members * _PAGES_A_MEMBER + _OTHER_PAGES

    @property
    def distances(self) -> list[int]:
        """From a GPU's place to its sellers'; in a ring of fewer than 187 there is no room for all of them."""
        found: list[int] = []
        for distance in (*_DISTANCES, *range(self.members)):
            if len(found) < len(_DISTANCES) and _are_apart([*found, distance], self.members):
                found.append(distance)
        return found


def _are_apart(distances: list[int], members: int) -> bool:
    between = Counter((one - other) % members for one, other in permutations(distances, 2))
    near = {1, 2, members - 1, members - 2}
    return 0 not in between and all(times == 1 for apart, times in between.items() if apart not in near)


@contextmanager
def made_up(conninfo: str, size: Size, progress: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """A database of its own on the server in use, with the catalogue; dropped at the end."""
    with scratch(conninfo, "site") as database:
        progress(f"a catalogue of {size.members:,} GPUs and {size.members:,} providers")
        migrations.migrate(database)
        with db.connect(database) as connection:
            fill(connection, size)
        yield database


def fill(connection: db.Connection, size: Size) -> None:
    """Load the seeds, whose facts and texts are copied, then the catalogue."""
    seeds.seed(connection)
    seeds.exchange_rates(connection)
    connection.commit()
    run_id = runs.start(connection, AS_OF, "live", "bench")
    params = {
        "members": size.members,
        "distances": size.distances,
        "since": _SINCE,
        "as_of": AS_OF,
        "days": DAYS,
        "run_id": run_id,
    }
    with db.unhurried(connection):
        for name in ("gpus", "providers", "answers", "offers", "market", "held_back"):
            connection.execute(_sql(f"site_{name}"), params)
        runs.finish(connection, run_id)
    history.close_market_days(connection, AS_OF)
    connection.commit()
    connection.autocommit = True
    connection.execute(b"vacuum analyze")
    connection.autocommit = False


def change_a_price(connection: db.Connection) -> None:
    """The cheapest price of one GPU falls a little, as a refresh would store it."""
    connection.execute(_sql("site_change"), {"as_of": AS_OF})
    history.close_market_days(connection, AS_OF)
    connection.commit()


def begin_next_day(connection: db.Connection) -> None:
    """A run just after midnight, which changes no price."""
    runs.finish(connection, runs.start(connection, AS_OF + _NEXT_DAY, "live", "bench"))
    history.close_market_days(connection, AS_OF + _NEXT_DAY)
    connection.commit()


@cache
def _sql(name: str) -> bytes:
    return (SQL / f"{name}.sql").read_bytes()
