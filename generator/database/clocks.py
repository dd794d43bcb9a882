"""Whether this machine's clock can be trusted: compared with the database server's, the stored prices, the answers.

A run dates what it stores by this machine's clock.  Prices dated by a clock that is ahead would pass for the newest
until that time has come; by one that is behind, a site would be older than its prices.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from generator.database import db
from generator.errors import WrongClock
from generator.formats import plural
from scrapers.captures import Capture
from scrapers.run import Scraped

TOLERANCE = timedelta(minutes=10)
"""How far two right clocks may differ: more than slow answers and drift explain, and well below the half hour after
which a second answer counts."""

_SET_IT = "set the clock that is wrong, then run this again"


@dataclass(frozen=True, slots=True)
class ServerClock:
    """The time by the database server's clock."""

    now: datetime


def is_later(instant: datetime | None, now: datetime) -> bool:
    """Whether a stored instant is in the future, so that the clock that dated it was ahead."""
    return instant is not None and instant - now > TOLERANCE


def require_servers(connection: db.Connection, now: datetime) -> None:
    """Require that this machine's clock and the database server's agree; raises WrongClock where they don't."""
    (server,) = db.rows(connection, "server_clock", ServerClock)
    if abs(server.now - now) > TOLERANCE:
        problem = f"this machine's clock says {stamp(now)}, the database server's {stamp(server.now)}"
        raise WrongClock(f"{problem}; nothing was done: {_SET_IT}")


def agreed(connection: db.Connection) -> datetime:
    """Now, for what dates or deletes by the clock.  Raises WrongClock where the database server's disagrees."""
    now = datetime.now(UTC)
    require_servers(connection, now)
    return now


@dataclass(slots=True)
class Witnesses:
    """Answers that wait until their servers' dates tell whether this machine's clock is right.

    Each provider has one vote.  Nothing may be stored before at least one agrees with the clock, and at least as many
    agree as disagree, so that one wrong server among right ones does no harm.  `stored` is the time of the newest
    stored price if that is in the future by this clock: then at least one answer has to confirm the clock.
    """

    now: datetime
    stored: datetime | None = None
    is_believed: bool = False
    _agree: int = 0
    _disagree: dict[str, datetime | None] = field(default_factory=dict)
    _waiting: list[Scraped] = field(default_factory=list)

    @property
    def are_needed(self) -> bool:
        """Whether an answer has to confirm the clock, which is behind the stored prices."""
        return self.stored is not None and not self.is_believed

    def let_through(self, scraped: Scraped) -> list[Scraped]:
        """The answers that may be stored, now that this one has come."""
        self._waiting.append(scraped)
        if not self.is_believed:
            self._count_vote(scraped)
            self.is_believed = 0 < self._agree >= len(self._disagree)
        return self._taken() if self.is_believed else []

    def rest(self) -> list[Scraped]:
        """The answers that may be stored after the last one.  Raises WrongClock where the clock can't be trusted."""
        if self.are_needed or (self._disagree and not self.is_believed):
            raise WrongClock(f"{self._what_each_says()}; nothing was stored: {self._how_to_go_on()}")
        return self._taken()

    def _taken(self) -> list[Scraped]:
        taken, self._waiting = self._waiting, []
        return taken

    def _count_vote(self, scraped: Scraped) -> None:
        if scraped.error and scraped.error.error_code == "tls_date":
            self._disagree[scraped.provider.slug] = None
        dates = [(date, date - capture.fetched_at) for capture in scraped.captures if (date := stated_date(capture))]
        if not dates:
            return
        # A part from a cache that states no Age has an old date: the date nearest to the clock counts.
        date, ahead = min(dates, key=lambda pair: abs(pair[1]))
        if abs(ahead) <= TOLERANCE:
            self._agree += 1
        else:
            self._disagree[scraped.provider.slug] = date

    def _what_each_says(self) -> str:
        stored = f", though prices from {stamp(self.stored)} are stored" if self.stored else ""
        ours = f"this machine's clock says {stamp(self.now)}{stored}"
        dates = [(slug, date) for slug, date in self._disagree.items() if date]
        if dates:
            slug, date = dates[0]
            others = f" and {len(dates) - 1} more" if dates[1:] else ""
            return f"{ours}, the answer of {slug}{others} {stamp(date)}"
        if self._disagree:
            return f"{ours}, at which the certificates of {plural(len(self._disagree), 'provider')} are not valid"
        return f"{ours}, and no answer says which is right"

    def _how_to_go_on(self) -> str:
        if self._disagree:
            return "set the clock; if it is right, refresh more providers, since the majority of them decides"
        return "set the clock, or run this again where the providers can be reached"


def stated_date(capture: Capture) -> datetime | None:
    """The time by the server's clock when it answered: its Date, plus its Age where it came from a cache."""
    if capture.is_recorded:
        return None
    try:
        date = parsedate_to_datetime(capture.headers["date"])
        return date.replace(tzinfo=date.tzinfo or UTC) + timedelta(seconds=int(capture.headers.get("age", "0")))
    except (KeyError, ValueError, OverflowError):
        return None


def stamp(instant: datetime) -> str:
    """An instant as messages write it: "2026-08-22 04:00 UTC"."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
