"""How figures are written, the same everywhere: in tables, charts, sentences and descriptions."""

from calendar import month_name
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import urlsplit

NONE = "–"
_SIGNS = {"EUR": "€", "GBP": "£"}
_SPANS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_CENT = Decimal("0.01")
_TEN_CENTS = Decimal("0.1")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=16384)
def money(amount: Decimal | None) -> str:
    """US dollars: "$2.49", "$1,204.00"; below ten cents three significant digits ("$0.0133"); None is a dash."""
    if amount is None:
        return NONE
    sign = "−" if amount < 0 else ""
    return f"{sign}${_digits(abs(amount))}"


@lru_cache(maxsize=16384)
def plain_money(amount: Decimal) -> str:
    """An amount with the digits of `money`, for programs: "2.49", without a sign and separators."""
    return _digits(amount).replace(",", "")


def exact(amount: Decimal) -> str:
    """US dollars as a sum uses them, unrounded: "$2.49", "$6.155", "$0.000096774"."""
    digits = f"{amount:f}"
    whole, _, cents = digits.partition(".")
    return f"${int(whole):,}.{cents.rstrip('0').ljust(2, '0')}"


def price(amount: Decimal, currency: str) -> str:
    """An amount in the currency in which it is stated: "$0.10", "€0.08", "0.09 CHF"."""
    if currency == "USD":
        return money(amount)
    sign = _SIGNS.get(currency)
    return f"{sign}{_digits(amount)}" if sign else f"{_digits(amount)} {currency}"


def duration(seconds: Decimal) -> str:
    """A time in the largest unit that leaves it whole: "1 second", "10 minutes", "1 hour", "2 days"."""
    for size, unit in _SPANS:
        if seconds >= size and seconds % size == 0:
            return plural(int(seconds / size), unit)
    return f"{seconds.normalize():f} seconds"


def _digits(amount: Decimal) -> str:
    if amount == 0 or amount >= _TEN_CENTS:
        return f"{amount.quantize(_CENT, ROUND_HALF_UP):,f}"
    places = min(12, 2 - amount.adjusted())
    small = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, cents = f"{small:f}".partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"


def figure(value: Decimal) -> str:
    """A figure as stated, with thousands separators, without needless zeros."""
    return f"{value.normalize():,f}"


def rounded(value: Decimal, places: int) -> str:
    """A plain number with that many decimals, halves rounded away from zero, never "-0"."""
    shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{shown or abs(shown):,f}".replace("-", "−")


@lru_cache(maxsize=16384)
def percent(ratio: Decimal | None, places: int = 1) -> str:
    """A change as a signed percentage: -0.05 is "−5.0%", 0.1 is "+10.0%"; None is a dash."""
    if ratio is None:
        return NONE
    shown = rounded(ratio * 100, places)
    return shown + "%" if shown.startswith("−") or not shown.strip("0.") else f"+{shown}%"


def share(ratio: Decimal | None) -> str:
    """A part of a whole, 0 to 1, as a whole percentage without a sign."""
    return NONE if ratio is None else rounded(ratio * 100, 0) + "%"


def share_of_time(part: Decimal) -> str:
    """A part of a time, 0 to 1: "97%"; "100%" only for all of it, "0%" only for none."""
    if 0 < part < 1:
        if part > Decimal("0.99"):
            return "over 99%"
        return rounded(part * 100, 0) + "%" if part >= _CENT else "under 1%"
    return rounded(part * 100, 0) + "%"


def ratio(value: Decimal | None, places: int = 2) -> str:
    """A multiple: "1.25×"; None is a dash."""
    return NONE if value is None else rounded(value, places) + "×"


def change(old: Decimal, new: Decimal) -> str:
    """A change in words: "up 10.0%", "down 4.2%", "up less than 0.1%", "unchanged"; a rise from nothing is "up"."""
    if old == new:
        return "unchanged"
    way = "up" if new > old else "down"
    if not old:
        return way
    shown = rounded(abs(new - old) / abs(old) * 100, 1)
    return f"{way} {shown}%" if shown != "0.0" else f"{way} less than 0.1%"


@lru_cache(maxsize=16384)
def day(moment: date | datetime, year: int | None = None) -> str:
    """A UTC day: "22 Aug 2026"; without the year where it is the given one."""
    on = _utc(moment)
    short = f"{on.day} {_MONTHS[on.month - 1]}"
    return short if on.year == year else f"{short} {on.year}"


def month(moment: date | datetime) -> str:
    """A month's short name."""
    return _MONTHS[_utc(moment).month - 1]


def long_month(month: str) -> str:
    """A month with its year: "2026-08" is "August 2026"."""
    first = date.fromisoformat(f"{month}-01")
    return f"{month_name[first.month]} {first.year}"


def iso_day(moment: date | datetime) -> str:
    """A UTC day as machines read it: "2026-08-22"."""
    return _utc(moment).isoformat()


def _utc(moment: date | datetime) -> date:
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


def collection(url: str) -> str:
    """The name of a collection of readings: its repository's ("gpu-index"), else its host's."""
    parts = urlsplit(url)
    name = parts.path.rstrip("/").rpartition("/")[2]
    return name or (parts.hostname or url).removeprefix("www.")


def some(names: Iterable[str], at_most: int = 5) -> str:
    """The first of many names, and how many more there are: "a, b and 3 more"."""
    known = list(names)
    more = len(known) - at_most
    return ", ".join(known[:at_most]) + (f" and {more:,} more" if more > 0 else "")


def part_of(shown: int, total: int, noun: str, which: str) -> str:
    """How many there are, and which are shown: "55 GPUs", "80 of 143 GPUs (those with the most providers)"."""
    return plural(total, noun) if shown == total else f"{shown:,} of {plural(total, noun)} ({which})"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 offer", "2,310 offers"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def noun(count: int | None, one: str) -> str:
    """The noun that follows a count which stands by itself: "offer" after 1, "offers" after 2 or none."""
    return one if count == 1 else f"{one}s"
