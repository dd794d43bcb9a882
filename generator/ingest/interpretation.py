"""From a provider's answer to checked, comparable offers: what refresh, replay and probe share.  Nothing is written."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from generator.database import db
from generator.ingest import quarantine
from scrapers.contract import AnswerHeldBack, Band, Bands, Checked, require, sift
from scrapers.errors import ScrapeError
from scrapers.normalise import Alias, GpuNames, HeldBack, Normalised, Rates, UnknownCurrency, UnmappedName, normalise
from scrapers.offer import Provider
from scrapers.price_times import ScheduledPrice, Timed, by_time, scheduled
from scrapers.regions import regions
from scrapers.row_parser import UnreadableRow
from scrapers.run import Scraped

BEYOND_REASON = 8  # times above or below a GPU's usual price: cents taken for dollars, a node's price for one GPU's
_BEYOND_REASON_SPOT = 50  # times below: spot bids go lower, for capacity that nobody else wants
_A_MARKET = 3  # providers, from which on their median says what is usual


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A spelling of a GPU's name and the facts of that GPU, in the order of `scrapers.gpu_names.Alias`."""

    alias: str
    memory_gb: Decimal | None
    slug: str
    kind: Literal["variant", "chip"]
    chip: str | None
    vram_gb: Decimal | None
    form_factor: str | None
    memory_type: str | None
    architecture: str | None


@dataclass(frozen=True, slots=True)
class RateRow:
    """US dollars for one unit of a currency on a day."""

    currency: str
    rate_date: date
    usd_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class MarketPrices:
    """A GPU's prices in US dollars per GPU-hour: lowest and highest ever, and the median of its providers' lowest."""

    gpu_slug: str
    lowest: Decimal
    highest: Decimal
    providers_n: int
    median: Decimal | None

    @property
    def band(self) -> Band:
        """The plausible prices: around the market's median, or around all known prices where there is no market."""
        if self.median is None or self.providers_n < _A_MARKET:
            return Band(self.lowest / BEYOND_REASON, self.highest * BEYOND_REASON)
        return Band(self.median / BEYOND_REASON, self.median * BEYOND_REASON, self.median / _BEYOND_REASON_SPOT)


@dataclass(slots=True)
class Interpretation:
    """The offers of an answer, as far as it could be interpreted; `error` says why it is refused as a whole.

    `scheduled` are the prices that it announces for later.  `corrects`: the result replaces that of the same answer
    before; otherwise it adds to what is stored.
    """

    normalised: Normalised = field(default_factory=lambda: Normalised([], []))
    checked: Checked | None = None
    error: ScrapeError | None = None
    corrects: bool = False
    timed: Timed = field(default_factory=Timed)
    scheduled: Sequence[ScheduledPrice] = ()

    @property
    def held(self) -> Sequence[HeldBack] | None:
        """What is held back: single offers, or the answer as a whole; None where nothing could be read."""
        if isinstance(self.error, AnswerHeldBack):
            return [self.error.held]
        return self.checked.held if self.checked else None

    @property
    def unmapped(self) -> Sequence[UnmappedName]:
        """Unknown GPU names, those of most offers first; none for an answer that is held back as a whole."""
        names = () if isinstance(self.error, AnswerHeldBack) else self.normalised.unmapped
        return sorted(names, key=lambda name: -name.offers)

    def row_counts(self, scraped: Scraped) -> dict[str, int]:
        """How many rows of the answer ended in which way; the counts add up to `rows`.

        `offer`: stored; `joined`: another price of an offer, or a repetition; `merged`: a more expensive listing of
        one; `scheduled`: a price for later; `left_out:` and `held_back:` with the rule; `unknown_name`.
        """
        rows = len(scraped.offers) + len(scraped.unreadable) + len(scraped.left_out)
        held = [one.rule for one in self.checked.held if not one.columns] if self.checked else []
        left_out = Counter(str(one.rule) for one in scraped.left_out)
        left_out["not_in_force"] += len(self.timed.over)
        ends = {"offer": len(self.checked.offers)} if self.checked else {}
        ends |= {"joined": self.normalised.joined, "merged": self.normalised.merged}
        ends |= {"scheduled": self.timed.later_n}
        ends |= {"unknown_name": sum(name.offers for name in self.normalised.unmapped)}
        ends |= {f"left_out:{rule}": n for rule, n in sorted(left_out.items())}
        ends |= {f"held_back:{rule}": n for rule, n in sorted(Counter(held).items())}
        return {"rows": rows} | {end: number for end, number in ends.items() if number}


class Knowledge:
    """What it takes to interpret an answer: GPU names, the market's prices, exchange rates."""

    def __init__(self, connection: db.Connection) -> None:
        aliases = [Alias(*astuple(row)) for row in db.rows(connection, "gpu_names", AliasRow)]
        market = db.rows(connection, "market_prices", MarketPrices)
        self.names = GpuNames(aliases)
        self.bands = Bands(by_gpu={one.gpu_slug: one.band for one in market})
        self._connection = connection
        self._rates: dict[date, Rates] = {}

    def rates(self, on: date) -> Rates:
        """The exchange rates known on a day."""
        if on not in self._rates:
            found = db.rows(self._connection, "exchange_rates", RateRow, on_date=on)
            self._rates[on] = Rates((rate.currency, rate.rate_date, rate.usd_per_unit) for rate in found)
        return self._rates[on]

    def interpret(self, scraped: Scraped, *, corrects: bool = False, offers_n: int | None = None) -> Interpretation:
        """The answer's offers, checked against the provider's past; `offers_n` is how many it had then, if not now.

        An answer that `corrects` an earlier result isn't checked against the stored prices: they are what is in doubt.
        """
        made = Interpretation(error=scraped.error, corrects=corrects)
        if made.error is None:
            try:
                self._interpret(scraped, offers_n, made)
            except ScrapeError as error:
                made.error = error
        return made

    def _interpret(self, scraped: Scraped, offers_n: int | None, made: Interpretation) -> None:
        provider, observed_at = scraped.provider, scraped.observed_at
        rates = self.rates(observed_at.date())
        made.timed = by_time(scraped.offers, observed_at)
        made.normalised = normalise(made.timed.now, self.names, rates, observed_at.date(), provider)
        past = quarantine.past(self._connection, provider.slug, is_recorded=scraped.is_recorded)
        past = replace(past, is_doubted=made.corrects, offers_n=past.offers_n if offers_n is None else offers_n or None)
        unreadable = [_held_back(row, provider.slug) for row in scraped.unreadable]
        made.checked = sift(made.normalised, observed_at, self.bands, past, unreadable)
        left_out_n = len(scraped.left_out) + len(made.timed.over) + made.timed.later_n
        require(provider, made.normalised, made.checked, past, observed_at, left_out_n)
        made.scheduled = self._scheduled(made.timed, provider, observed_at)

    def _scheduled(self, timed: Timed, provider: Provider, observed_at: datetime) -> list[ScheduledPrice]:
        """The announced prices that are plausible; one that can't be right is not shown."""
        rates, found = self.rates(observed_at.date()), []
        for starts_at, rows in timed.later.items():
            with suppress(UnknownCurrency):
                later = normalise(rows, self.names, rates, observed_at.date(), provider)
                found += scheduled(sift(later, observed_at, self.bands).offers, starts_at)
        return found


def _held_back(row: UnreadableRow, provider: str) -> HeldBack:
    region = regions().code(provider, row.region)
    return HeldBack(row.instance_type or "not stated", region, "", "unreadable", row.reason)
